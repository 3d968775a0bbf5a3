using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace PassthroughTools.Shell;

/// <summary>One line of progress at the foot of a terminal, at most five times a second; nothing elsewhere.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private long _last;
    private bool _shown;

    /// <summary>Shows a record, or takes the line away when the record says that it is complete.</summary>
    /// <param name="record">The record.</param>
    public void Show(ProgressRecord record)
    {
        if (!Terminal.ErrorHasColour) return;
        lock (_gate)
        {
            if (record.RecordType == ProgressRecordType.Completed)
            {
                if (record.ParentActivityId < 0) EraseLine();
                return;
            }

            var now = Stopwatch.GetTimestamp();
            if (_last != 0 && Stopwatch.GetElapsedTime(_last, now) < Interval) return;
            _last = now;
            Console.Error.Write("\r\e[K" + Describe(record, Terminal.Width - 1));
            _shown = true;
        }
    }

    /// <summary>Takes the line off the terminal, so that other text starts on a clean one.</summary>
    public void Erase()
    {
        lock (_gate) EraseLine();
    }

    private static string Describe(ProgressRecord record, int width)
    {
        var percent = record.PercentComplete >= 0 ? string.Create(CultureInfo.InvariantCulture, $" {record.PercentComplete,3} %") : "";
        var operation = string.IsNullOrEmpty(record.CurrentOperation) ? "" : " - " + record.CurrentOperation;
        var text = $"{record.Activity}:{percent} {record.StatusDescription}{operation}".ReplaceLineEndings(" ");
        return text.Length <= width ? text : text[..width];
    }

    private void EraseLine()
    {
        if (!_shown) return;
        _shown = false;
        Console.Error.Write("\r\e[K");
    }
}
