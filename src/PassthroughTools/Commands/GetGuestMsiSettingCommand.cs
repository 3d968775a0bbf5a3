using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Completion;
using PassthroughTools.Registry;

namespace PassthroughTools.Commands;

/// <summary>Gets the interrupt settings of a Windows guest's PCI devices, from exports of its <c>Enum\PCI</c>.</summary>
[Cmdlet(VerbsCommon.Get, "GuestMsiSetting", DefaultParameterSetName = PathSet)]
[OutputType(typeof(GuestMsiSetting))]
public sealed class GetGuestMsiSettingCommand : PassthruCmdlet
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
        foreach (var file in this.ResolveFiles(ParameterSetName == PathSet ? Path : LiteralPath, ParameterSetName == LiteralPathSet))
        {
            StopToken.ThrowIfCancellationRequested();
            Guard(() => WriteSettings(file, wanted), file);
        }
    }

    private void WriteSettings(string file, WildcardPattern[] wanted)
    {
        var export = RegDocument.Load(file);
        foreach (var warning in export.Warnings) WriteWarning($"{file}: {warning}");
        foreach (var setting in GuestMsiReader.Read(export, VMOf(file)))
        {
            if (wanted.Length > 0 && !Array.Exists(wanted, pattern => Matches(pattern, setting))) continue;
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

    private static bool Matches(WildcardPattern pattern, GuestMsiSetting setting) =>
        pattern.IsMatch(setting.InstanceId) || pattern.IsMatch(setting.HardwareId ?? "") || pattern.IsMatch(setting.Device ?? "");
}
