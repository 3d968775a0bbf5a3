using PassthroughTools.Vim;

namespace PassthroughTools.PowerCli;

/// <content>Changes and power.</content>
internal sealed partial class PowerCliSession
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public VimData? QueryConfigOption(ManagedObject browser, ManagedObject host, CancellationToken cancellation)
    {
        const string Operation = "asking what VMs may have";
        cancellation.ThrowIfCancellationRequested();
        var view = View(browser, Operation);
        var reference = new PowerCliTypes(view).Make("ManagedObjectReference", ("Type", host.Type), ("Value", host.Value));
        return _commands.Invoke(view, "QueryConfigOption", Operation, host, null, reference) is { } option ? new PowerCliData(option) : null;
    }

    /// <inheritdoc/>
    public void SetExtraConfig(ManagedObject vm, string changeVersion, IReadOnlyDictionary<string, string?> values, CancellationToken cancellation)
    {
        const string Operation = "changing advanced settings";
        var view = View(vm, Operation);
        var types = new PowerCliTypes(view);
        // An empty value removes the key.
        var options = values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => types.Make("OptionValue", ("Key", value.Key), ("Value", value.Value ?? ""))).ToList();
        var spec = types.Make("VirtualMachineConfigSpec", ("ChangeVersion", changeVersion), ("ExtraConfig", options));
        RunTask(view, vm, "ReconfigVM_Task", Operation, null, cancellation, spec);
    }

    /// <inheritdoc/>
    public void ShutDownGuest(ManagedObject vm)
    {
        const string Operation = "shutting down the guest";
        _commands.Invoke(View(vm, Operation), "ShutdownGuest", Operation, vm);
    }

    /// <inheritdoc/>
    public void PowerOff(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation) =>
        RunTask(View(vm, "powering off"), vm, "PowerOffVM_Task", "powering off", progress, cancellation);

    /// <inheritdoc/>
    public void PowerOn(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation) =>
        RunTask(View(vm, "powering on"), vm, "PowerOnVM_Task", "powering on", progress, cancellation);

    private void RunTask(object view, ManagedObject vm, string method, string operation, IProgress<int>? progress, CancellationToken cancellation, params object[] arguments)
    {
        var task = PowerCliData.ToReference(_commands.Invoke(view, method, operation, vm, arguments)) ?? throw LiveErrors.PowerCliUnknown.For(vm, method, "task as its result", operation);
        var pause = FirstPause;
        while (!HasEnded(task, vm, operation, progress, cancellation))
        {
            if (cancellation.WaitHandle.WaitOne(pause)) cancellation.ThrowIfCancellationRequested();
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private bool HasEnded(ManagedObject task, ManagedObject vm, string operation, IProgress<int>? progress, CancellationToken cancellation)
    {
        var answer = Retrieve([task], ["info"], cancellation).First();
        if (answer.Refused.Count > 0) throw answer.Refused.Values.First();
        var info = answer.Properties;
        switch (info.Text("info.state"))
        {
            case "success":
                progress?.Report(100);
                return true;
            case "error":
                var fault = PowerCliFault.FromData(((PowerCliProperties)info).Raw("info.error"));
                throw fault.ToException($"{vm} of {Server}", operation, Server, new VimTarget(Server, vm), isTask: true);
            default:
                if (info.Number("info.progress") is { } percent) progress?.Report((int)Math.Min(Math.Max(percent, 0), 100));
                return false;
        }
    }
}
