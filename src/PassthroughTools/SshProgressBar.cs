using System.Diagnostics;
using System.Management.Automation;
using PassthroughTools.Ssh;

namespace PassthroughTools;

/// <summary>
/// One bar for all hosts, and below it the host that has been at work for the longest. Shown five times a second at most, and ended for certain, by
/// whatever way the work ends.
/// </summary>
internal sealed class SshProgressBar(Cmdlet cmdlet)
{
    private const int ActivityId = 1;

    // 2 is the bar of reading hosts through the API, which the same command may show meanwhile.
    private const int DetailId = 3;
    private const string Activity = "Collecting evidence over SSH";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private bool _isShown;
    private bool _isDetailShown;

    /// <summary>Shows how far the work is, unless that was shown just now.</summary>
    /// <param name="read">Tells it; only called when it will be shown.</param>
    /// <param name="isComplete">True when no more hosts will come: before that a part of them can't be told, and a percentage would go back.</param>
    public void Show(Func<SshProgress> read, bool isComplete)
    {
        if (_sinceShown.Elapsed < Interval) return;
        _sinceShown.Restart();
        var progress = read();
        if (progress.Total == 0) return;
        _isShown = true;
        var status = FormattableString.Invariant($"{progress.Done} of {progress.Total} hosts done, {progress.Failed} failed, {progress.Running.Count} at work");
        cmdlet.WriteProgress(new ProgressRecord(ActivityId, Activity, status) { PercentComplete = isComplete ? 100 * progress.Done / progress.Total : -1 });
        if (progress.Running.Count == 0) return;
        _isDetailShown = true;
        var (host, step) = progress.Running[0];
        cmdlet.WriteProgress(new ProgressRecord(DetailId, host, step.Length == 0 ? "starting" : step)
        {
            ParentActivityId = ActivityId,
            CurrentOperation = progress.Running.Count > 1 ? string.Join(", ", progress.Running.Skip(1).Take(5).Select(each => each.Host)) : null,
        });
    }

    /// <summary>Takes the bars away.</summary>
    public void Complete()
    {
        if (_isDetailShown) cmdlet.WriteProgress(new ProgressRecord(DetailId, "Hosts", "Done") { ParentActivityId = ActivityId, RecordType = ProgressRecordType.Completed });
        if (_isShown) cmdlet.WriteProgress(new ProgressRecord(ActivityId, Activity, "Done") { RecordType = ProgressRecordType.Completed });
        _isShown = _isDetailShown = false;
    }
}
