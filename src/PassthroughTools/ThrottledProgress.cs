using System.Management.Automation;

namespace PassthroughTools;

/// <summary>Progress of counted work, shown five times a second at most, and ended for certain.</summary>
internal sealed class ThrottledProgress(Cmdlet cmdlet, string activity) : IDisposable
{
    private const int ActivityId = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private DateTime _last;
    private bool _isShown;

    /// <summary>Shows how far the work is.</summary>
    /// <param name="done">Done.</param>
    /// <param name="total">All.</param>
    public void Report(int done, int total)
    {
        if (DateTime.UtcNow - _last < Pause) return;
        _last = DateTime.UtcNow;
        _isShown = true;
        cmdlet.WriteProgress(new ProgressRecord(ActivityId, activity, FormattableString.Invariant($"{done} of {total} hosts")) { PercentComplete = total == 0 ? 100 : 100 * done / total });
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (_isShown) cmdlet.WriteProgress(new ProgressRecord(ActivityId, activity, "done") { RecordType = ProgressRecordType.Completed });
    }
}
