using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <content>Logs, changes and power.</content>
public sealed partial class VSphereClient
{
    private const int LinesAtOnce = 1000;

    /// <inheritdoc/>
    public IEnumerable<string> ReadLog(ManagedObject host, string key, int? mostLines, CancellationToken cancellation)
    {
        var start = 1L;
        if (mostLines is { } most)
        {
            // A start past the end brings no lines, and the number of the last one.
            var end = Browse(host, key, int.MaxValue, 1, cancellation)?.Number("lineEnd") ?? 0;
            if (end is > 0 and < int.MaxValue) start = Math.Max(1, end - most + 1);
        }

        while (start <= int.MaxValue)
        {
            var header = Browse(host, key, (int)start, LinesAtOnce, cancellation);
            var lines = header?.Texts("lineText") ?? [];
            if (lines.Count == 0) yield break;
            foreach (var line in lines) yield return line;
            // A log that was rotated meanwhile is shorter than it was.
            start = Math.Max(start + lines.Count, (header?.Number("lineEnd") ?? 0) + 1);
        }
    }

    /// <inheritdoc/>
    public void SetExtraConfig(ManagedObject vm, string changeVersion, IReadOnlyDictionary<string, string?> values, CancellationToken cancellation)
    {
        // Without it the server would overwrite whatever anyone else has done.
        if (changeVersion.Length == 0) throw VimErrors.Fault.For(Target(vm), Subject(vm), "changing advanced settings", "it has no change version to compare with");
        var request = new SoapRequest("ReconfigVM_Task", vm).Data("spec", spec =>
        {
            spec.Text("changeVersion", changeVersion);
            foreach (var value in values.OrderBy(value => value.Key, StringComparer.Ordinal))
            {
                // An empty value removes the key.
                spec.Data("extraConfig", option => option.Text("key", value.Key).AnyText("value", value.Value ?? ""), "OptionValue");
            }
        });
        RunTask(vm, "changing advanced settings", request, null, cancellation);
    }

    /// <inheritdoc/>
    public void ShutDownGuest(ManagedObject vm) => AskOf(vm, "shutting down the guest", new SoapRequest("ShutdownGuest", vm), CancellationToken.None);

    /// <inheritdoc/>
    public void PowerOff(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation) =>
        RunTask(vm, "powering off", new SoapRequest("PowerOffVM_Task", vm), progress, cancellation);

    /// <inheritdoc/>
    public void PowerOn(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation) =>
        RunTask(vm, "powering on", new SoapRequest("PowerOnVM_Task", vm), progress, cancellation);

    private VimElement? Browse(ManagedObject host, string key, int start, int lines, CancellationToken cancellation)
    {
        var request = new SoapRequest("BrowseDiagnosticLog", Manager("diagnosticManager"));
        // A host of its own has one log of each key, and names no host.
        if (IsVirtualCenter) request.Reference("host", host);
        request.Text("key", key).Number("start", start).Number("lines", lines);
        return AskOf(host, "reading its log", request, cancellation) is [var header, ..] ? header : null;
    }

    private void RunTask(ManagedObject vm, string operation, SoapRequest request, IProgress<int>? progress, CancellationToken cancellation)
    {
        var task = AskOf(vm, operation, request, cancellation) is [var returned] ? returned.AsReference : null;
        if (task is null) throw VimConnectionErrors.AnswerUnreadable.For(Server, Server, "answering " + request.Method, "no task was returned");
        new TaskWait(this, vm, task.Value, operation, progress).Run(cancellation);
    }

    /// <summary>
    /// Waits for a task by asking for its state, ever less often. Asking is preferred to WaitForUpdatesEx: no request is open for long that a proxy
    /// could cut, and a cancellation takes effect at once.
    /// </summary>
    private sealed class TaskWait(VSphereClient client, ManagedObject vm, ManagedObject task, string operation, IProgress<int>? progress)
    {
        private const int MostFailures = 3;
        private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
        private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

        public void Run(CancellationToken cancellation)
        {
            var pause = FirstPause;
            var failures = 0;
            while (true)
            {
                try
                {
                    if (HasEnded(cancellation)) return;
                    failures = 0;
                }
                catch (PassthruException e) when (IsPassing(e) && ++failures < MostFailures)
                {
                    // The task goes on without us: one answer that got lost is no reason to leave it alone.
                }

                if (cancellation.WaitHandle.WaitOne(pause)) cancellation.ThrowIfCancellationRequested();
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
        }

        private static bool IsPassing(PassthruException e) => e.Definition == VimConnectionErrors.ConnectionLost || e.Definition == VimConnectionErrors.TimedOut;

        private bool HasEnded(CancellationToken cancellation)
        {
            var answer = client.Retrieve([task], ["info"], cancellation).First();
            if (answer.Refused.Count > 0) throw answer.Refused.Values.First();
            var info = answer.Properties.Data("info");
            switch (info?.Text("state"))
            {
                case "success":
                    progress?.Report(100);
                    return true;
                case "error":
                    var fault = info.Data("error") is VimElement error ? SoapFault.FromData(error) : new SoapFault("", "the server does not say why", null);
                    throw fault.ToException(client.Subject(vm), operation, client.Server, client.Target(vm), isTask: true);
                default:
                    if (info?.Number("progress") is { } percent) progress?.Report((int)Math.Min(Math.Max(percent, 0), 100));
                    return false;
            }
        }
    }
}
