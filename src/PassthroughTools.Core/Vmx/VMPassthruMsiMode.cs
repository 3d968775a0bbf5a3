using System.Globalization;
using PassthroughTools.Pci;
using PassthroughTools.Vim;

namespace PassthroughTools.Vmx;

/// <summary>What one <c>pciPassthruN</c> entry of a virtual machine asks of the physical device's interrupts.</summary>
public sealed record VMPassthruMsiMode
{
    /// <summary>Virtual machine: its display name, else the file's name.</summary>
    public required string VM { get; init; }

    /// <summary>N of <c>pciPassthruN</c>.</summary>
    public required int Slot { get; init; }

    /// <summary>Host device; null where the entry names none, or not readably.</summary>
    public PciAddress? Device { get; init; }

    /// <summary>Plain passthrough or SR-IOV virtual function.</summary>
    public PassthruSlotKind Kind { get; init; }

    /// <summary>What <c>msiEnabled</c> asks for.</summary>
    public PassthruMsiMode Mode { get; init; }

    /// <summary><c>msiEnabled</c>; null when it is absent (VMware documents TRUE as the default) or can't be read.</summary>
    public bool? MsiEnabled { get; init; }

    /// <summary>The .vmx; null for text that did not come from a file.</summary>
    public string? Path { get; init; }

    /// <summary>The VM at its server; null where it was read from a file.</summary>
    public VimTarget? Vim { get; init; }

    /// <summary>True where the N was told from the order of the server's devices: no entry proves it, so the mode may be another device's and is not set.</summary>
    public bool IsSlotInferred { get; init; }

    /// <summary>Makes the record of an entry.</summary>
    /// <param name="document">The configuration, as it is or with changes made to it.</param>
    /// <param name="slot">One of its entries.</param>
    public static VMPassthruMsiMode From(VmxDocument document, PassthruSlot slot) => new()
    {
        VM = NameOf(document),
        Slot = slot.Slot,
        Device = slot.Address,
        Kind = slot.Kind,
        Mode = slot.MsiMode,
        MsiEnabled = slot.MsiEnabled,
        Path = document.Source,
    };

    /// <summary>Makes the record of an entry of a live VM.</summary>
    /// <param name="vm">VM.</param>
    /// <param name="slot">One of its entries, as it is or as it would be.</param>
    public static VMPassthruMsiMode From(VimPassthruVM vm, PassthruSlot slot) => new()
    {
        VM = vm.Name,
        Slot = slot.Slot,
        Device = slot.Address,
        Kind = slot.Kind,
        Mode = slot.MsiMode,
        MsiEnabled = slot.MsiEnabled,
        Vim = vm.Target,
        IsSlotInferred = slot.IsSlotInferred,
    };

    /// <summary>An entry as an admin names it: <c>win01 pciPassthru0 (0000:08:00.0)</c>.</summary>
    public override string ToString() =>
        string.Format(CultureInfo.InvariantCulture, "{0} pciPassthru{1}{2}", VM, Slot, Device is { } device ? " (" + device + ")" : "");

    private static string NameOf(VmxDocument document) =>
        document.Find("displayName").Select(entry => entry.Value).FirstOrDefault(name => name.Length > 0)
        ?? System.IO.Path.GetFileNameWithoutExtension(document.Source) ?? "";
}
