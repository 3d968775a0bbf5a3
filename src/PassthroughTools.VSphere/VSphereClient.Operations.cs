using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <content>Logs, changes and power.</content>
public sealed partial class VSphereClient
{
    private const int LinesAtOnce = 1000;

    /// <inheritdoc/>
    public IEnumerable<string> ReadLog(ManagedObject host, string key, int? mostLines, CancellationToken cancellation) =>
        mostLines is { } most ? ReadEnd(host, key, most, cancellation) : ReadFrom(host, key, 1, cancellation);

    /// <inheritdoc/>
    public VimData? QueryConfigOption(ManagedObject browser, ManagedObject host, CancellationToken cancellation) =>
        AskOf(host, "asking what VMs may have", new SoapRequest("QueryConfigOption", browser).Reference("host", host), cancellation) is [var option, ..] ? option : null;

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

    private IEnumerable<string> ReadFrom(ManagedObject host, string key, long start, CancellationToken cancellation)
    {
        while (start <= int.MaxValue)
        {
            var lines = Browse(host, key, (int)start, LinesAtOnce, cancellation)?.Texts("lineText") ?? [];
            if (lines.Count == 0) yield break;
            foreach (var line in lines) yield return line;
            // The server may give fewer than it was asked for, and what it says of the last line is not documented well enough to go by.
            start += lines.Count;
        }
    }

    // Servers are seen to tell the number of the last line when they are asked for one beyond it. It is a hint only: where it leads to
    // fewer lines than wanted, the log is read from its start.
    private IEnumerable<string> ReadEnd(ManagedObject host, string key, int most, CancellationToken cancellation)
    {
        var hint = Browse(host, key, int.MaxValue, 1, cancellation)?.Number("lineEnd") ?? 0;
        var start = hint is > 0 and < int.MaxValue ? Math.Max(1, hint - most + 1) : 1;
        var newest = Newest(ReadFrom(host, key, start, cancellation), most);
        return newest.Count < most && start > 1 ? Newest(ReadFrom(host, key, 1, cancellation), most) : newest;
    }

    private static Queue<string> Newest(IEnumerable<string> lines, int most)
    {
        var newest = new Queue<string>();
        foreach (var line in lines)
        {
            newest.Enqueue(line);
            if (newest.Count > most) newest.Dequeue();
        }

        return newest;
    }

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
