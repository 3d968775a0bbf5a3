using System.Management.Automation;
using PassthroughTools.Journal;

namespace PassthroughTools;

/// <summary>Base of the cmdlets that work with the journal of remediations.</summary>
public abstract class JournalCmdlet : PassthruCmdlet
{
    private const int UpdatesPerSecond = 5;
    private DateTime _lastUpdate;

    /// <summary>Folder of the journal; by default the platform's data folder.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Journal")]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Opens the journal.</summary>
    protected JournalStore OpenJournal() => new(JournalPath is null ? null : this.Locate(JournalPath));

    /// <summary>Shows steps as progress.</summary>
    /// <param name="activity">What is going on.</param>
    protected IProgress<StepProgress> ShowProgress(string activity) => new StepReport(progress =>
    {
        var isLast = progress.Completed == progress.Total;
        if (!isLast && DateTime.UtcNow - _lastUpdate < TimeSpan.FromSeconds(1.0 / UpdatesPerSecond)) return;
        _lastUpdate = DateTime.UtcNow;
        WriteProgress(new ProgressRecord(1, activity, progress.Step.Target.ToString())
        {
            PercentComplete = progress.Total == 0 ? 100 : 100 * progress.Completed / progress.Total,
            RecordType = isLast ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    });

    /// <summary>Writes what went wrong in a run as error records.</summary>
    /// <param name="result">Result of the run.</param>
    protected void WriteErrors(RunResult result)
    {
        foreach (var warning in result.Warnings) WriteWarning(warning);
        foreach (var error in result.Errors) WriteError(error.ToErrorRecord(result.RunId));
    }

    private sealed class StepReport(Action<StepProgress> show) : IProgress<StepProgress>
    {
        void IProgress<StepProgress>.Report(StepProgress value) => show(value);
    }
}
