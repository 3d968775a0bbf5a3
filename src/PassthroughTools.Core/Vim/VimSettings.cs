using PassthroughTools.Journal;

namespace PassthroughTools.Vim;

/// <summary>A VM's advanced settings as its server has them, with the version that a change of them must name.</summary>
internal sealed class VimSettings
{
    /// <summary>What has to be asked of a VM.</summary>
    public static readonly IReadOnlyList<string> Paths = ["config.changeVersion", "config.extraConfig"];

    private readonly IReadOnlyList<VimData> _all;

    private VimSettings(string changeVersion, IReadOnlyList<VimData> all) => (ChangeVersion, _all) = (changeVersion, all);

    /// <summary><c>config.changeVersion</c>.</summary>
    public string ChangeVersion { get; }

    /// <summary>Reads the settings of a VM.</summary>
    /// <param name="session">Session.</param>
    /// <param name="vm">VM.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="PassthruException">Any of <see cref="VimErrors"/>.</exception>
    public static VimSettings Read(IVimSession session, VimTarget vm, CancellationToken cancellation) =>
        Of(vm, session.Retrieve([vm.Reference], Paths, cancellation).FirstOrDefault() ?? throw VimErrors.ObjectGone.For(vm, vm));

    /// <summary>Takes the settings from what was retrieved.</summary>
    /// <param name="vm">VM.</param>
    /// <param name="found">At least <see cref="Paths"/>.</param>
    /// <exception cref="PassthruException">They were refused, or the VM has no configuration at present.</exception>
    public static VimSettings Of(VimTarget vm, VimObject found)
    {
        if (found.Refused.Values.FirstOrDefault() is { } refused) throw refused;
        return found.Properties.Text(Paths[0]) is { } version
            ? new VimSettings(version, found.Properties.List(Paths[1]))
            : throw VimErrors.Fault.For(vm, vm, "to tell the VM's configuration", "it has none at present");
    }

    /// <summary>Value of a key; of one that stands there more than once, the last.</summary>
    /// <param name="key">Key.</param>
    public SettingValue this[string key] => Find(key)?.Text("value") is { } text ? SettingValue.Of(text) : Find(key) is null ? SettingValue.Absent : SettingValue.Of("");

    /// <summary>A key as the server spells it: another spelling might add a second one.</summary>
    /// <param name="key">Key.</param>
    public string Spell(string key) => Find(key)?.Text("key") ?? key;

    private VimData? Find(string key) => _all.LastOrDefault(option => string.Equals(option.Text("key"), key, StringComparison.OrdinalIgnoreCase));
}
