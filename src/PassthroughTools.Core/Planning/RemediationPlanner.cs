using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Planning;

/// <summary>Makes a plan from evidence: what the solver may choose, what it chose, and in which settings that is written down.</summary>
public sealed class RemediationPlanner
{
    private readonly HostEvidence _host;
    private readonly RemediationOptions _options;
    private readonly HostVectorBudget _before;
    private readonly List<HostVectorPool> _pools;
    private readonly List<string> _assumptions = [];
    private readonly List<string> _advice = [];

    private RemediationPlanner(HostEvidence host, RemediationOptions options)
    {
        _host = host;
        _options = options;
        _before = Budget(host);
        _pools = [.. _before.Pools.Where(pool => Available(pool) is not null)];
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="host">Evidence.</param>
    /// <param name="options">What is asked; defaults when null.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="PassthruException"><see cref="PlanErrors"/> for options that make no sense.</exception>
    public static RemediationPlan Plan(HostEvidence host, RemediationOptions? options = null, CancellationToken cancellation = default) =>
        new RemediationPlanner(host, options ?? new RemediationOptions()).Plan(cancellation);

    private RemediationPlan Plan(CancellationToken cancellation)
    {
        var candidates = PlanCandidates.Find(_host, _before, _pools, _options);
        _advice.AddRange(candidates.Advice);
        foreach (var pool in _before.Pools.Except(_pools))
        {
            _assumptions.Add(pool.CapacityFigure.Minimum is null
                ? FormattableString.Invariant($"{pool.Pool} is not planned for: what its capacity is at least is not known. {pool.CapacityFigure.Explanation}")
                : FormattableString.Invariant($"{pool.Pool} is not planned for: what the host uses of it at most is not known. {pool.HostUseFigure.Explanation}"));
        }

        if (_before.Verdict == BudgetVerdict.Fits) return Finish(new PlanSolution { Status = PlanStatus.Optimal, Choices = new Dictionary<string, PlanOption>(StringComparer.Ordinal), Pools = [] }, candidates);
        if (_pools.Count == 0 || candidates.Blocking.Count > 0)
        {
            _advice.AddRange(candidates.Blocking);
            return Finish(null, candidates);
        }

        var problem = new PlanProblem
        {
            Pools = [.. _pools.Select(pool => new PlanPool(pool.Pool.ToString(), Available(pool)!.Value))],
            Devices = [.. candidates.All.Select(candidate => candidate.Device)],
            Objective = _options.Prefer,
        };
        return Finish(Planner.Solve(problem, cancellation), candidates);
    }

    private RemediationPlan Finish(PlanSolution? solution, PlanCandidates candidates)
    {
        var steps = new List<RemediationStep>();
        foreach (var candidate in candidates.All)
        {
            if (solution?.Choices.TryGetValue(candidate.Device.Id, out var choice) == true) steps.AddRange(PlanSteps.For(candidate, choice));
        }

        steps = [.. steps.OrderBy(step => step.VM, StringComparer.OrdinalIgnoreCase).Select((step, i) => step with { Number = i + 1 })];
        var after = steps.Count == 0 ? _before : Budget(PlanSteps.Project(_host, steps));
        foreach (var pool in Unasked(after)) _advice.Add(FormattableString.Invariant($"{BudgetReasons.Name(pool.Pool)}: what is asked for is not known, so nothing can be planned. {pool.DemandFigure.Explanation}"));
        var isFeasible = solution?.IsFeasible == true && after.Verdict != BudgetVerdict.Exceeds && !Unasked(after).Any();
        Explain(steps, after, isFeasible, solution);
        return new RemediationPlan
        {
            Id = Identify(steps),
            HostName = _host.HostName,
            Prefer = _options.Prefer,
            Headroom = _options.Headroom,
            IsFeasible = isFeasible,
            IsProvenOptimal = solution?.ProvenOptimal == true,
            Steps = steps,
            Before = _before,
            After = after,
            Assumptions = _assumptions,
            Advice = _advice,
            Shortfall = solution?.Shortfall is { } shortfall ? [.. shortfall.Together.Where(pool => pool.Missing > 0)] : [],
            Created = DateTimeOffset.UtcNow,
        };
    }

    private void Explain(List<RemediationStep> steps, HostVectorBudget after, bool isFeasible, PlanSolution? solution)
    {
        if (steps.Exists(step => step.Action == PlanAction.MessageLimit))
            _assumptions.Add("That each driver honours MessageNumberLimit. Windows documents it as the most that it allocates; whether the driver starts with fewer is its own affair. Verify after the restart: Get-PassthruLogEvent -Kind PassthruRequest shows what was asked for, and the ports must log in.");
        if (steps.Exists(step => step.Action is PlanAction.MsiOff or PlanAction.IoApic))
            _assumptions.Add("That a device with MSI off takes one vector. Its interrupts are slower, and its driver may share one line with others.");
        foreach (var pool in _pools.Where(pool => pool.HostUseFigure.Provenance < Provenance.Measured))
        {
            var own = pool.HostUse?.ToString(CultureInfo.InvariantCulture) ?? FormattableString.Invariant($"at most {pool.HostUseFigure.Maximum}");
            _assumptions.Add(FormattableString.Invariant($"{BudgetReasons.Name(pool.Pool)}: the host's own use of {own} ({pool.HostUseFigure.Provenance.ToString().ToLowerInvariant()}). {pool.HostUseFigure.Explanation}"));
        }

        if (isFeasible && after.Verdict == BudgetVerdict.Unknown)
        {
            var open = after.Pools
                .Where(pool => pool.Verdict == BudgetVerdict.Unknown && _pools.Exists(planned => planned.Pool == pool.Pool))
                .Select(pool => BudgetReasons.Name(pool.Pool)).ToList();
            _assumptions.Add(open.Count == 0 ? "The pools that can be planned for fit; the verdict stays Unknown for the others."
                : "That the plan suffices is so by the estimates; the evidence does not prove it, and the verdict stays Unknown: " + string.Join(", ", open) + ".");
        }

        if (solution is { ProvenOptimal: false }) _assumptions.Add("The search was cut short: a plan that disturbs less may exist.");
        if (isFeasible) return;
        if (solution?.Status == PlanStatus.Undecided)
            _advice.Insert(0, "The search ended at its limit of work: no plan was found, and that none exists is not proven. Exclude VMs or devices to make the question smaller.");
        foreach (var missing in solution?.Shortfall?.Together.Where(pool => pool.Missing > 0) ?? [])
            _advice.Add(FormattableString.Invariant($"{missing.Name}: {missing.Missing} more would be needed than every permitted change gives back."));
        if (_before.Pools.Any(pool => pool is { Pool: InterruptPool.InterruptCookies, Verdict: BudgetVerdict.Exceeds, Capacity: < 4096 }))
            _advice.Add("maxIntrCookies can be raised to 4096 (KB 312151; reboot of the host): esxcli system settings kernel set -s maxIntrCookies -v 4096");
        if (_before.Pools.Any(pool => pool is { Pool: InterruptPool.GlobalVectors, Verdict: BudgetVerdict.Exceeds }))
            _advice.Add("intrFirstMsixVector can be raised to 0x80 or 0x90 (KB 313395; reboot of the host); each CPU's MSI-X range shrinks by as much.");
        _advice.Add("Move a VM to another host, or pass fewer devices through.");
    }

    private HostVectorBudget Budget(HostEvidence host) =>
        BudgetCalculator.Compute(host, new BudgetOptions { Headroom = _options.Headroom, IncludePoweredOff = _options.IncludePoweredOff });

    /// <summary>Pools that were planned for although nobody knows what is asked of them: without devices to weigh, any plan would seem to fit.</summary>
    private IEnumerable<HostVectorPool> Unasked(HostVectorBudget after) =>
        after.Pools.Where(pool => pool.DemandFigure is { Value: null, Maximum: null } && _pools.Exists(planned => planned.Pool == pool.Pool));

    private int? Available(HostVectorPool pool) =>
        pool.CapacityFigure.Minimum - pool.HostUseFigure.Maximum is { } left ? (int)Math.Max((long)left - _options.Headroom, int.MinValue) : null;

    private string Identify(List<RemediationStep> steps)
    {
        var text = new StringBuilder(_host.HostName);
        foreach (var step in steps)
            text.Append('\n').Append(step.Kind).Append('|').Append(step.VM).Append('|').Append(step.Key).Append('|').Append(step.OldValue).Append('|').Append(step.NewValue);
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text.ToString())).Take(6).Select(each => each.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
