using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Pci;
using PassthroughTools.Remediation;
using PassthroughTools.Vmx;

namespace PassthroughTools;

/// <summary>
/// Base of the cmdlets that work on the <c>pciPassthruN</c> entries of VMs, whatever the VMs are given as. Files are worked on as they come; VMs of vSphere
/// servers are collected and read together, since one at a time each would cost requests of its own.
/// </summary>
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public abstract partial class VmxCmdlet : PassthruCmdlet
{
    private const string VMSet = "VM";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly HashSet<PciAddress> _found = [];

    /// <summary>
    /// VMs: a VM of Get-PassthruEvidence or PowerCLI, the output of ConvertFrom-Vmx or Get-VMPassthruMsiMode, paths, or names at the connected servers;
    /// wildcards are allowed. A text that is a path is one.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = VMSet)]
    [Alias("InputObject")]
    [ValidateNotNull]
    [SupportsWildcards]
    public VMReference[] VM { get; set; } = [];

    /// <summary>Connections to ask, of Connect-PassthruVIServer or of PowerCLI; by default all.</summary>
    [Parameter(ParameterSetName = VMSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VIServerReference[]? Server { get; set; }

    /// <summary>.vmx files, or folders that hold one each; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>.vmx files, or folders that hold one each, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Takes the entries of these host devices only, by their hexadecimal address (0000:08:00.0).</summary>
    [Parameter]
    public PciAddress[]? Device { get; set; }

    /// <summary>Takes these entries only, by the N of pciPassthruN.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int[]? Slot { get; set; }

    /// <summary>Whether certain entries were asked for.</summary>
    protected bool IsSelective => Device is not null || Slot is not null;

    /// <summary>Works on one VM.</summary>
    /// <param name="file">Its .vmx, opened.</param>
    /// <param name="slots">The entries that were asked for; all where none were.</param>
    protected abstract void Process(VmxFileEditor file, IReadOnlyList<PassthruSlot> slots);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (ParameterSetName != VMSet)
        {
            Process(ParameterSetName == PathSet ? Path : LiteralPath, ParameterSetName == LiteralPathSet);
            return;
        }

        foreach (var reference in VM)
        {
            if (reference.Live is { } live) Guard(() => Collect(live), reference.Value);
            else if (reference.Value is string text) Guard(() => ProcessText(text), text);
            else if (reference.Problem is { } problem) WriteError(problem.ToErrorRecord(reference.Value));
            else Process([reference.Path!], literal: true);
        }

        if (_live?.Count >= LiveAtOnce) ProcessLive();
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        ProcessLive();

        // One VM has the device and the others have not: only a device that none of them has is a mistake.
        foreach (var device in (Device ?? []).Where(device => !_found.Contains(device)))
            WriteError(RemediationErrors.DeviceNotFound.For(device, device).ToErrorRecord());
    }

    private void Process(IReadOnlyList<string> paths, bool literal)
    {
        foreach (var path in this.ResolveFiles(paths, literal))
        {
            StopToken.ThrowIfCancellationRequested();
            Guard(() =>
            {
                var file = VmxFileEditor.Open(VmxFileEditor.Locate(path));
                Process(file, Choose(file.Document.Slots, Slot, file.Path, file.Path));
            }, path);
        }
    }

    private List<PassthruSlot> Choose(IReadOnlyList<PassthruSlot> all, IReadOnlyList<int>? numbers, object target, string name)
    {
        foreach (var number in (numbers ?? []).Where(number => all.All(slot => slot.Slot != number)))
            WriteError(VmxErrors.SlotNotFound.For(target, name, number).ToErrorRecord(target));
        var chosen = all.Where(slot => (numbers is null || numbers.Contains(slot.Slot)) && (Device is null || (slot.Address is { } address && Device.Contains(address)))).ToList();
        foreach (var slot in chosen.Where(slot => slot.Address is not null)) _found.Add(slot.Address!.Value);
        return chosen;
    }
}
