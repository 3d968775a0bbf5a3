namespace PassthroughTools.Vim;

/// <summary>Power of a VM as its server tells it.</summary>
/// <param name="Label">VM and server, for messages.</param>
/// <param name="State">poweredOn, poweredOff or suspended.</param>
/// <param name="HasTools">Whether VMware Tools run in the guest.</param>
public sealed record VMPowerReading(string Label, string State, bool HasTools)
{
    /// <summary>State of a VM that is off.</summary>
    public const string Off = "poweredOff";

    /// <summary>Whether it runs, or is suspended: its configuration is in use either way.</summary>
    public bool IsOn => State != Off;
}

/// <summary>Looks at and switches the power of one VM.</summary>
/// <param name="sessions">Finds servers.</param>
/// <param name="target">VM.</param>
internal sealed class VMPower(IVimSessions sessions, VimTarget target)
{
    private static readonly string[] Paths = ["name", "runtime.powerState", "guest.toolsRunningStatus"];

    /// <summary>VM.</summary>
    public VimTarget Target => target;

    /// <summary>Reads it.</summary>
    /// <exception cref="PassthruException"><see cref="VimErrors.ObjectGone"/>, <see cref="VimErrors.NoPermission"/> and others.</exception>
    public VMPowerReading Read()
    {
        var vm = Session.Retrieve([target.Reference], Paths, CancellationToken.None).FirstOrDefault() ?? throw VimErrors.ObjectGone.For(target, target);
        if (vm.Properties.Text("runtime.powerState") is not { } state)
            throw vm.Refused.Values.FirstOrDefault() ?? VimErrors.ObjectGone.For(target, target);
        return new VMPowerReading($"{vm.Properties.Text("name") ?? target.Reference.ToString()} ({target.Server})", state, vm.Properties.Text("guest.toolsRunningStatus") == "guestToolsRunning");
    }

    /// <summary>Asks the guest to shut down.</summary>
    public void ShutDown() => Session.ShutDownGuest(target.Reference);

    /// <summary>Powers it on.</summary>
    public void Start() => Session.PowerOn(target.Reference, null, CancellationToken.None);

    private IVimSession Session => sessions.Find(target.Server);
}
