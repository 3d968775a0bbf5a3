using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Vim;

namespace PassthroughTools.Remediation;

/// <summary>Carries out plans on the files, VMs and guests that they name, through the journal.</summary>
public sealed class RemediationRunner
{
    private readonly RunExecutor _executor;
    private readonly RemediationSteps _steps;

    /// <summary>Makes a runner with the file actuators.</summary>
    /// <param name="store">Where the journals are.</param>
    public RemediationRunner(JournalStore store)
        : this(store, [new VmxFileActuator(), new RegFileActuator()])
    {
    }

    /// <summary>Makes a runner with other actuators.</summary>
    /// <param name="store">Where the journals are.</param>
    /// <param name="actuators">Who reads and writes which kind of setting.</param>
    /// <param name="power">Shuts live VMs down and starts them around their changes; null where there are none.</param>
    public RemediationRunner(JournalStore store, IReadOnlyList<ISettingActuator> actuators, VMPowerCycle? power = null)
    {
        _executor = new RunExecutor(store, actuators) { Barrier = power };
        _steps = new RemediationSteps(actuators, power);
    }

    /// <summary>What a plan would change, read from the files as they are now; nothing is written.</summary>
    /// <param name="plan">Plan.</param>
    public IReadOnlyList<RunStepSummary> Project(RemediationPlan plan) => _executor.Project(_steps.Of(plan));

    /// <summary>Applies a plan. Where nothing differs nothing is written and there is no run.</summary>
    /// <param name="plan">Plan.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="PassthruException">As <see cref="RunExecutor.Apply"/>.</exception>
    public RunResult Apply(RemediationPlan plan, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        _executor.Apply(new RunRequest { HostName = plan.HostName, PlanId = plan.Id, Steps = _steps.Of(plan) }, progress, cancellation);

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
}
