using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Logs;
using PassthroughTools.Planning;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>
/// What a report says of one host. It holds no evidence, so that a thousand of them fit into memory however large the hosts' logs are.
/// </summary>
public sealed record HostReport
{
    /// <summary>Host.</summary>
    public string HostName => Budget.HostName;

    /// <summary>Verdict of the budget.</summary>
    public BudgetVerdict Verdict => Budget.Verdict;

    /// <summary>The budget, without its evidence and log lines.</summary>
    public required HostVectorBudget Budget { get; init; }

    /// <summary>Folder, archive or server that the evidence came from.</summary>
    public string? Source { get; init; }

    /// <summary>Logical CPUs; null when unknown.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>Log lines since the last boot that prove that a pool ran dry; null where no log was given.</summary>
    public int? ExhaustionEvents { get; init; }

    /// <summary>Failures, requests and boots that the logs show, oldest first.</summary>
    public IReadOnlyList<PassthruLogEvent> Timeline { get; init; } = [];

    /// <summary>Events of the same kinds that are not in <see cref="Timeline"/>.</summary>
    public int OmittedEvents { get; init; }

    /// <summary>Lines that look like exhaustion and are not, by kind.</summary>
    public IReadOnlyList<LookAlikeGroup> LookAlikes { get; init; } = [];

    /// <summary>Findings, most severe first.</summary>
    public IReadOnlyList<PassthruFinding> Findings { get; init; } = [];

    /// <summary>Evidence that is missing, unreadable or incomplete.</summary>
    public IReadOnlyList<EvidenceFile> Missing { get; init; } = [];

    /// <summary>What the readers of the evidence had to say.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The plan; null where none was asked for or the host does not exceed.</summary>
    public RemediationPlan? Plan { get; init; }

    /// <summary>Why no plan could be made; null where one was or none was asked for.</summary>
    public string? PlanProblem { get; init; }

    /// <summary>The pool that matters most: the worst verdict, then the least headroom.</summary>
    public HostVectorPool? TightestPool =>
        Budget.Pools.OrderBy(pool => Rank(pool.Verdict)).ThenBy(pool => pool.Headroom ?? int.MaxValue).FirstOrDefault();

    /// <summary>Place of a verdict when problems come first: what is not known may be a problem.</summary>
    /// <param name="verdict">Verdict.</param>
    public static int Rank(BudgetVerdict verdict) => verdict switch
    {
        BudgetVerdict.Exceeds => 0,
        BudgetVerdict.Unknown => 1,
        BudgetVerdict.Tight => 2,
        _ => 3,
    };

    /// <summary>Works out what there is to say of a host.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="options">What is asked; defaults when null.</param>
    /// <param name="cancellation">Stops the planning.</param>
    public static HostReport Create(HostEvidence host, ReportOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ReportOptions();
        var budget = BudgetCalculator.Compute(host, new BudgetOptions { Headroom = options.Headroom, IncludePoweredOff = options.IncludePoweredOff });
        var timeline = ReportTimeline.Select(host, options.MostEvents, out var omitted);
        var report = new HostReport
        {
            Budget = WithoutEvidence(budget),
            Source = host.Source,
            LogicalCpus = host.LogicalCpus,
            ExhaustionEvents = host.LogEvents is null ? null : budget.Exhaustions.Count,
            Timeline = timeline,
            OmittedEvents = omitted,
            LookAlikes = [.. budget.LookAlikes.GroupBy(entry => entry.Kind).Select(group => new LookAlikeGroup(group.Key, group.Count(), group.First()))],
            Findings = FindingAnalyzer.Find(host, FindingAnalyzer.ReadConfiguration),
            Missing = [.. host.Files.Where(file => file.Status != EvidenceFileStatus.Read)],
            Warnings = host.Warnings,
        };
        return options.IncludePlan && budget.Verdict == BudgetVerdict.Exceeds ? report.WithPlan(host, options, cancellation) : report;
    }

    private HostReport WithPlan(HostEvidence host, ReportOptions options, CancellationToken cancellation)
    {
        try
        {
            var plan = RemediationPlanner.Plan(host, new RemediationOptions { Headroom = options.Headroom, IncludePoweredOff = options.IncludePoweredOff }, cancellation);
            return this with { Plan = plan with { Before = WithoutEvidence(plan.Before), After = WithoutEvidence(plan.After) } };
        }
        catch (PassthruException e)
        {
            // A host without a plan is still a host to report on.
            return this with { PlanProblem = e.Message + " " + e.Advice };
        }
    }

    private static HostVectorBudget WithoutEvidence(HostVectorBudget budget) => budget with { Evidence = null, Exhaustions = [], LookAlikes = [] };
}

/// <summary>Log lines of one kind that look like exhaustion and are not.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them.</param>
public sealed record LookAlikeGroup(LogEventKind Kind, int Count, PassthruLogEvent First);
