using System.Globalization;
using PassthroughTools.Guests;
using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Remediation;

/// <summary>Carries out plans on the files and the guests that they name, through the journal.</summary>
public sealed class RemediationRunner
{
    private readonly RunExecutor _executor;

    /// <summary>Makes a runner with the file actuators.</summary>
    /// <param name="store">Where the journals are.</param>
    public RemediationRunner(JournalStore store)
        : this(store, [new VmxFileActuator(), new RegFileActuator()])
    {
    }

    /// <summary>Makes a runner with other actuators.</summary>
    /// <param name="store">Where the journals are.</param>
    /// <param name="actuators">Who reads and writes which kind of setting.</param>
    public RemediationRunner(JournalStore store, IReadOnlyList<ISettingActuator> actuators) => _executor = new RunExecutor(store, actuators);

    /// <summary>What a plan would change, read from the files as they are now; nothing is written.</summary>
    /// <param name="plan">Plan.</param>
    public IReadOnlyList<RunStepSummary> Project(RemediationPlan plan) => _executor.Project(Steps(plan));

    /// <summary>Applies a plan. Where nothing differs nothing is written and there is no run.</summary>
    /// <param name="plan">Plan.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="PassthruException">As <see cref="RunExecutor.Apply"/>.</exception>
    public RunResult Apply(RemediationPlan plan, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        _executor.Apply(new RunRequest { HostName = plan.HostName, PlanId = plan.Id, Steps = Steps(plan) }, progress, cancellation);

    /// <summary>Goes on with a run that was interrupted or failed.</summary>
    /// <param name="runId">Run.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="PassthruException">As <see cref="RunExecutor.Resume"/>.</exception>
    public RunResult Resume(string runId, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        _executor.Resume(runId, progress, cancellation);

    /// <summary>Brings the prior values back.</summary>
    /// <param name="runId">Run.</param>
    /// <param name="options">How to deal with values that someone else changed.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="PassthruException">As <see cref="RunExecutor.Undo"/>.</exception>
    public RunResult Undo(string runId, UndoOptions? options = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        _executor.Undo(runId, options, progress, cancellation);

    private static List<RunStep> Steps(RemediationPlan plan)
    {
        var steps = new List<RunStep>();
        var documents = new Dictionary<string, RegDocument>(StringComparer.Ordinal);
        var created = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var step in plan.Steps)
        {
            if (GuestTarget.IsGuest(step.Container))
            {
                steps.AddRange(GuestRunSteps.For(step, created));
                continue;
            }

            if (!File.Exists(step.Container)) throw RemediationOutcomeErrors.NotApplicable.For(plan, plan.HostName, step.Container);
            if (step.Kind == SettingKind.Vmx)
            {
                steps.Add(new RunStep
                {
                    Target = Target(VmxFileActuator.KindName, step, step.Key),
                    Value = step.NewValue is { } value ? SettingValue.Of(value) : SettingValue.Absent,
                    Expected = Expected(step, VmxDocument.Load(step.Container)),
                });
                continue;
            }

            if (!documents.TryGetValue(step.Container, out var document)) documents[step.Container] = document = RegDocument.Load(step.Container);
            steps.AddRange(MissingKeys(step, document, created));
            steps.Add(new RunStep
            {
                Target = Target(RegFileActuator.KindName, step, step.Key),
                Value = Dword(step.NewValue),
                Expected = Expected(step, document),
            });
        }

        return steps;
    }

    /// <summary>A key that is created is a step of its own, so that undo removes it again and the file has its old bytes.</summary>
    private static IEnumerable<RunStep> MissingKeys(RemediationStep step, RegDocument document, HashSet<string> created)
    {
        var parts = step.Key.Split('\\');
        for (var n = 1; n < parts.Length; n++)
        {
            var key = string.Join("\\", parts.Take(n));
            if (document.ContainsKey(key) || !parts.Take(n).Contains("Enum", StringComparer.OrdinalIgnoreCase) || !created.Add(step.Container + "|" + key)) continue;
            yield return new RunStep { Target = Target(RegFileActuator.KindName, step, key + "\\"), Value = SettingValue.Of(RegFileActuator.KeyExists), Expected = SettingValue.Absent };
        }
    }

    /// <summary>What the plan saw, in the file's own spelling: <c>true</c> and <c>TRUE</c> are the same value to the plan.</summary>
    private static SettingValue Expected(RemediationStep step, VmxDocument document)
    {
        if (step.OldValue is not { } old) return SettingValue.Absent;
        return SettingValue.Of(document.Get(step.Key) is { } text && string.Equals(text, old, StringComparison.OrdinalIgnoreCase) ? text : old);
    }

    /// <summary>What the plan saw. A number that is kept in another type is the same value to the plan; the journal keeps it exactly.</summary>
    private static SettingValue Expected(RemediationStep step, RegDocument document)
    {
        if (step.OldValue is null) return SettingValue.Absent;
        var cut = step.Key.LastIndexOf('\\');
        var data = document.GetValue(step.Key.Substring(0, cut), step.Key.Substring(cut + 1));
        var isSame = data is not null && (data.AsNumber()?.ToString(CultureInfo.InvariantCulture) ?? data.AsText()) == step.OldValue;
        return isSame ? RegFileActuator.ValueOf(data) : Dword(step.OldValue);
    }

    private static SettingTarget Target(string kind, RemediationStep step, string key) => new()
    {
        Kind = kind, Container = Path.GetFullPath(step.Container), Key = key, Display = step.Device is { } device ? step.VM + " " + device : step.VM,
    };

    private static SettingValue Dword(string? number) =>
        number is null ? SettingValue.Absent : RegFileActuator.ValueOf(RegData.Dword(uint.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)));
}
