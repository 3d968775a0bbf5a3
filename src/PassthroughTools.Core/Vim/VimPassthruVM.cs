using System.Globalization;
using PassthroughTools.Evidence;
using PassthroughTools.Journal;
using PassthroughTools.Vmx;

namespace PassthroughTools.Vim;

/// <summary>The <c>pciPassthruN</c> entries of a VM at its server, as they were read together.</summary>
public sealed class VimPassthruVM
{
    private static readonly string[] Paths = ["name", "config.hardware.device", .. VimSettings.Paths, "config.template", "runtime.powerState", "runtime.connectionState"];

    private readonly VimSettings _settings;

    private VimPassthruVM(VimTarget target, VimObject found)
    {
        Target = target;
        _settings = VimSettings.Of(target, found);
        var properties = found.Properties;
        Name = properties.Text("name") ?? target.Reference.ToString();
        PowerState = properties.Text("runtime.powerState") ?? "unknown";
        IsTemplate = properties.Flag("config.template") == true;
        ConnectionState = properties.Text("runtime.connectionState");
        Slots = VimSlotReader.Read(properties.List("config.hardware.device"), properties.List("config.extraConfig"), hardwareVersion: null);
    }

    /// <summary>VM.</summary>
    public VimTarget Target { get; }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Name and server, for messages.</summary>
    public string Label => $"{Name} ({Target.Server})";

    /// <summary>poweredOn, poweredOff or suspended.</summary>
    public string PowerState { get; }

    /// <summary>Whether it is a template, which can't be started.</summary>
    public bool IsTemplate { get; }

    /// <summary>connected, disconnected, orphaned, inaccessible or invalid; null where the server does not tell.</summary>
    public string? ConnectionState { get; }

    /// <summary>Entries, by N.</summary>
    public IReadOnlyList<PassthruSlot> Slots { get; }

    /// <summary><c>config.changeVersion</c> as it was read together with the entries.</summary>
    internal string ChangeVersion => _settings.ChangeVersion;

    /// <summary>Reads VMs as pages of them come in: a constant number of requests, pages apart.</summary>
    /// <param name="session">Session.</param>
    /// <param name="vms">References of VMs.</param>
    /// <param name="onError">Hears of a VM that is gone, may not be seen or has no configuration; the others go on.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public static IEnumerable<VimPassthruVM> Read(IVimSession session, IReadOnlyList<ManagedObject> vms, Action<PassthruException> onError, CancellationToken cancellation)
    {
        foreach (var found in session.Retrieve(vms, Paths, cancellation))
        {
            VimPassthruVM vm;
            try
            {
                vm = new VimPassthruVM(new VimTarget(session.Server, found.Reference), found);
            }
            catch (PassthruException e)
            {
                onError(e);
                continue;
            }

            yield return vm;
        }
    }

    /// <summary>Key of an entry's <c>msiEnabled</c>.</summary>
    /// <param name="slot">N.</param>
    public static string MsiKey(int slot) => string.Format(CultureInfo.InvariantCulture, "pciPassthru{0}.msiEnabled", slot);

    /// <summary>An entry's <c>msiEnabled</c> as it stands.</summary>
    /// <param name="slot">N.</param>
    public SettingValue MsiEnabled(int slot) => _settings[MsiKey(slot)];
}
