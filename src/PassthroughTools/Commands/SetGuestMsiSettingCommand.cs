using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Management.Automation;
using PassthroughTools.Completion;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;

namespace PassthroughTools.Commands;

/// <summary>
/// Sets the interrupt settings of devices in running Windows guests, through the journal; or, from an export of a guest's <c>Enum\PCI</c>, which is not
/// changed, writes a .reg file that sets them and beside it the one that undoes it.
/// </summary>
[Cmdlet(VerbsCommon.Set, "GuestMsiSetting", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(GuestMsiSetting))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed partial class SetGuestMsiSettingCommand : GuestCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly Dictionary<string, GuestMsiExport> _exports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GuestMsiSetting> _chosen = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _told = [];

    /// <summary>Export that <c>reg export</c> wrote; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Export that <c>reg export</c> wrote, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "RegistryPath", "Source")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Device instances, as Get-GuestMsiSetting shows them; wildcards are allowed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GuestInstanceCompleter))]
    public string[]? InstanceId { get; set; }

    /// <summary>Devices by hardware id (<c>PCI\VEN_10DF&amp;DEV_F100*</c>); wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? HardwareId { get; set; }

    /// <summary>Devices by vendor and device (<c>10df:f100</c>): every port of an adapter.</summary>
    [Parameter]
    public string[]? Device { get; set; }

    /// <summary>False keeps the devices on line-based interrupts.</summary>
    [Parameter]
    public bool MsiSupported { get; set; }

    /// <summary>Most messages to allocate: 1, 2, 4, 8 or 16 for MSI, 1 to 2048 for MSI-X.</summary>
    [Parameter]
    public int MessageNumberLimit { get; set; }

    /// <summary>Removes MSISupported.</summary>
    [Parameter]
    public SwitchParameter RemoveMsiSupported { get; set; }

    /// <summary>Removes MessageNumberLimit.</summary>
    [Parameter]
    public SwitchParameter RemoveMessageNumberLimit { get; set; }

    /// <summary>The .reg file to write; its inverse is written beside it as <c>name.undo.reg</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Replaces both files where they are there.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the settings as an import will leave them; under -WhatIf, as it would.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName is not (PathSet or LiteralPathSet))
        {
            Collect();
            return;
        }

        foreach (var file in this.ResolveFiles(ParameterSetName == PathSet ? Path : LiteralPath, ParameterSetName == LiteralPathSet))
            Guard(() => Choose(file), file);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName is not (PathSet or LiteralPathSet)) ForEachGuest(Change);
        else if (_exports.Count > 1) WriteError(RemediationErrors.SeveralExports.For(Destination, _exports.Count).ToErrorRecord());
        else if (_chosen.Count > 0) Guard(() => Change(_exports.Values.Single()), Destination);
    }

    private void Choose(string file)
    {
        var selector = new GuestDeviceSelector(InstanceId, HardwareId, Device);
        if (selector.IsEmpty) throw RemediationErrors.DeviceRequired.For(file, file);
        if (!_exports.TryGetValue(file, out var export)) _exports.Add(file, export = GuestMsiExport.Open(file));
        var problems = new List<PassthruException>();
        foreach (var setting in selector.Choose(export, problems)) _chosen[setting.InstanceId] = setting;
        foreach (var problem in problems.Where(problem => _told.Add(problem.Message))) WriteError(problem.ToErrorRecord());
    }

    private void Change(GuestMsiExport export)
    {
        var problems = new List<PassthruException>();
        var plans = export.Plan(_chosen.Values, Wanted(), problems);
        foreach (var problem in problems) WriteError(problem.ToErrorRecord());
        foreach (var warning in plans.SelectMany(plan => plan.Warnings)) WriteWarning(warning);
        var accepted = new List<GuestMsiStep>();
        if (plans.Any(plan => plan.Steps.Count > 0)) Write(export, plans, accepted);
        else if (plans.Count > 0) WriteWarning(FormattableString.Invariant($"{export.Path}: all is set so already on {plans.Count} devices; no file was written."));
        if (!PassThru) return;
        var after = export.Project(export.Combine(accepted));
        foreach (var plan in plans.Where(plan => plan.Steps.Count == 0 || plan.Steps.Any(accepted.Contains)))
            WriteObject(after.First(now => now.InstanceId == plan.Setting.InstanceId));
    }

    private void Write(GuestMsiExport export, IReadOnlyList<GuestMsiPlan> plans, List<GuestMsiStep> accepted)
    {
        var files = RegScriptFiles.Prepare(FullDestination(), export.Path, Force);
        var isWhatIf = false;
        foreach (var (setting, step) in plans.SelectMany(plan => plan.Steps.Select(step => (plan.Setting, step))))
        {
            var answer = this.Ask($"{setting.Device} {setting.InstanceId}".Trim(), $"{step.Name}: {step.OldValue?.ToString() ?? "(absent)"} -> {step.NewValue?.ToString() ?? "(absent)"}");
            isWhatIf |= answer == Answer.WhatIf;
            if (answer != Answer.No) accepted.Add(step);
        }

        if (isWhatIf || accepted.Count == 0) return;
        files.Write(export.Combine(accepted));
        WriteVerbose($"Import {files.Change} in the guest and restart its devices or the guest; {files.Inverse} undoes it.");
    }

    private GuestMsiChange Wanted() => new()
    {
        InstanceId = "",
        MsiSupported = MyInvocation.BoundParameters.ContainsKey(nameof(MsiSupported)) ? MsiSupported : null,
        RemoveMsiSupported = RemoveMsiSupported,
        MessageNumberLimit = MyInvocation.BoundParameters.ContainsKey(nameof(MessageNumberLimit)) ? MessageNumberLimit : null,
        RemoveMessageNumberLimit = RemoveMessageNumberLimit,
    };

    private string FullDestination()
    {
        var full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Destination, out var provider, out _);
        return provider.Name == "FileSystem" ? full : throw InputErrors.NotFound.For(Destination, Destination);
    }
}
