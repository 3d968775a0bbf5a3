using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Completion;
using PassthroughTools.Guests;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Commands;

/// <summary>Gets the interrupt settings of guests' PCI devices: from running guests, or from exports of a Windows guest's <c>Enum\PCI</c>.</summary>
[Cmdlet(VerbsCommon.Get, "GuestMsiSetting", DefaultParameterSetName = PathSet)]
[OutputType(typeof(GuestMsiSetting), typeof(LinuxGuestDevice))]
public sealed class GetGuestMsiSettingCommand : GuestCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Files that <c>reg export</c> wrote; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] Path { get; set; } = [];

    /// <summary>Files that <c>reg export</c> wrote, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Device instances to get, by instance id, hardware id or name; wildcards are allowed. All when left out.</summary>
    [Parameter]
    [SupportsWildcards]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    [ArgumentCompleter(typeof(GuestInstanceCompleter))]
    public string[] Device { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var wanted = Array.ConvertAll(Device, pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase));
        if (ParameterSetName is not (PathSet or LiteralPathSet))
        {
            ForEachGuest(guest => WriteSettings(guest, wanted));
            return;
        }

        foreach (var file in this.ResolveFiles(ParameterSetName == PathSet ? Path : LiteralPath, ParameterSetName == LiteralPathSet))
        {
            StopToken.ThrowIfCancellationRequested();
            Guard(() => WriteSettings(file, wanted), file);
        }
    }

    private void WriteSettings(Guest guest, WildcardPattern[] wanted)
    {
        if (guest.Family != GuestFamily.Linux)
        {
            try
            {
                Write(guest.ReadSettings().Settings, wanted);
                return;
            }
            catch (PassthruException) when (guest.Family == GuestFamily.Linux)
            {
                // It was not known before it was asked.
            }
        }

        foreach (var device in guest.ReadLinuxDevices())
        {
            if (Matches(wanted, device.InstanceId, device.HardwareId, device.Device)) WriteObject(device);
        }
    }

    private void WriteSettings(string file, WildcardPattern[] wanted)
    {
        var export = RegDocument.Load(file);
        foreach (var warning in export.Warnings) WriteWarning($"{file}: {warning}");
        Write(GuestMsiReader.Read(export, VMOf(file)), wanted);
    }

    private void Write(IReadOnlyList<GuestMsiSetting> settings, WildcardPattern[] wanted)
    {
        foreach (var setting in settings)
        {
            if (!Matches(wanted, setting.InstanceId, setting.HardwareId, setting.Device)) continue;
            foreach (var warning in setting.Warnings) WriteWarning($"{setting.InstanceId}: {warning}");
            WriteObject(setting);
        }
    }

    /// <summary>In an evidence folder, a guest's export lies in <c>vms/name/</c>.</summary>
    private static string? VMOf(string file)
    {
        var folder = new FileInfo(file).Directory;
        return string.Equals(folder?.Parent?.Name, "vms", StringComparison.OrdinalIgnoreCase) ? folder!.Name : null;
    }

    private static bool Matches(WildcardPattern[] wanted, params string?[] names) =>
        wanted.Length == 0 || Array.Exists(wanted, pattern => Array.Exists(names, name => pattern.IsMatch(name ?? "")));
}
