using System.Globalization;
using System.Text.RegularExpressions;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

/// <summary>Compares our record with lspci's words.</summary>
internal static partial class LspciComparison
{
    /// <summary>Differences, in words; empty when both agree.</summary>
    /// <param name="ours">Our record.</param>
    /// <param name="theirs">lspci's words.</param>
    /// <param name="hasHoles">True when rows are missing within the dump; lspci reads ff there, which is not what the device said.</param>
    public static List<string> Differences(PciConfigSpace ours, LspciDevice theirs, bool hasHoles = false)
    {
        var found = new List<string>();
        void Same(string what, object? our, object? their)
        {
            if (!Equals(our, their)) found.Add($"{what}: ours {our ?? "null"}, lspci's {their ?? "null"}");
        }

        // lspci follows a pointer into the header; what it finds there is no capability.
        var chain = theirs.Capabilities.TakeWhile(capability => capability.Offset >= 0x40).ToList();
        var extended = theirs.ExtendedCapabilities.TakeWhile(capability => capability.Offset >= 0x100).ToList();
        if (!chain.Exists(capability => capability.Id is 0x07 or 0x10) && extended.Count > 0)
        {
            extended.Clear();
            Same("extended complete", ours.IsExtendedComplete, false);
        }

        var msi = chain.Find(capability => capability.Id == 5);
        var msiX = chain.Find(capability => capability.Id == 0x11);
        if (hasHoles)
        {
            chain = chain.Take(ours.Capabilities.Count).ToList();
            extended = extended.Take(ours.ExtendedCapabilities.Count).ToList();
            msi = chain.Find(capability => capability.Id == 5);
            msiX = chain.Find(capability => capability.Id == 0x11);
        }
        else
        {
            Same("id", ours.HardwareId, theirs.HardwareId);
            Same("class", (int?)ours.ClassCode, theirs.ClassCode);
            Same("revision", (int?)ours.RevisionId, theirs.Revision);
            Same("interface", (int?)ours.ProgrammingInterface, theirs.ProgrammingInterface);
            Same("unknown header", ours.HeaderType == PciHeaderType.Unknown, theirs.HasUnknownHeader);
            Same("complete", ours.IsComplete, !GivesUp(theirs) && chain.Count == theirs.Capabilities.Count && MsiCount(msi) is null or <= 32);
            if (theirs.IsExtendedLooped || theirs.ExtendedCapabilities.Exists(capability => capability.Offset < 0x100)) Same("extended complete", ours.IsExtendedComplete, false);
            if (ours.HeaderType == PciHeaderType.Normal) Same("subsystem", Subsystem(ours), theirs.Subsystem);
            if (theirs.Pin is '?' or (>= 'A' and <= 'D')) Same("pin", ours.HeaderType == PciHeaderType.Unknown ? '?' : PinOf(ours), theirs.Pin);
            else Same("reserved pin", ours.InterruptPin, null);
        }

        if (GivesUp(theirs) && ours.Warnings.Count == 0) found.Add("lspci gives up, and ours does not warn");
        if (!ours.IsComplete && ours.Warnings.Count == 0) found.Add("ours is incomplete without a warning");
        CompareChains("capabilities", ours.Capabilities, chain, found);
        CompareChains("extended capabilities", ours.ExtendedCapabilities, extended, found);
        CompareMsi(ours, msi, Same);
        CompareMsiX(ours, msiX, hasHoles, Same);
        CompareExpress(ours, chain.Find(capability => capability.Id == 0x10), hasHoles, Same);
        CompareSriov(ours, extended.Find(capability => capability.Id == 0x10), hasHoles, Same);
        return found;
    }

    public static bool GivesUp(LspciDevice device) => device.IsLooped || device.IsBroken || device.IsDenied || device.HasUnknownHeader;

    private static void CompareChains(string what, IReadOnlyList<PciCapability> ours, List<LspciCapability> theirs, List<string> found)
    {
        var same = ours.Count == theirs.Count
            && ours.Zip(theirs, (our, their) => our.Offset == their.Offset && our.Version == their.Version && (their.Id is null || our.Id == their.Id)).All(equal => equal);
        if (!same) found.Add($"{what}: ours {string.Join(' ', ours.Select(our => $"{our.Offset:x}={our.Id:x}"))}, lspci's {string.Join(' ', theirs.Select(their => $"{their.Offset:x}={their.Id:x}"))}");
    }

    private static void CompareMsi(PciConfigSpace ours, LspciCapability? theirs, Action<string, object?, object?> same)
    {
        same("has MSI", ours.Msi is not null, theirs is not null);
        if (ours.Msi is null || theirs is null) return;
        var match = MsiTitle().Match(theirs.Lines[0]);
        int granted = Number(match.Groups[2]), capable = Number(match.Groups[3]);
        same("MSI enabled", ours.Msi.IsEnabled, match.Groups[1].Value == "+");
        same("MSI granted", ours.Msi.Granted, granted > 32 ? null : granted);
        same("MSI capable", ours.Msi.Capable, capable > 32 ? null : capable);
        same("MSI vectors", ours.MsiVectors, capable > 32 ? null : capable);
        same("MSI mask", ours.Msi.HasPerVectorMask, match.Groups[4].Value == "+");
        same("MSI 64-bit", ours.Msi.Is64Bit, match.Groups[5].Value == "+");
    }

    private static void CompareMsiX(PciConfigSpace ours, LspciCapability? theirs, bool hasHoles, Action<string, object?, object?> same)
    {
        same("has MSI-X", ours.MsiX is not null, theirs is not null);
        if (ours.MsiX is null || theirs is null) return;
        var match = MsiXTitle().Match(theirs.Lines[0]);
        same("MSI-X enabled", ours.MsiX.IsEnabled, match.Groups[1].Value == "+");
        same("MSI-X size", ours.MsiXTableSize, Number(match.Groups[2]));
        same("MSI-X masked", ours.MsiX.IsFunctionMasked, match.Groups[3].Value == "+");
        var table = Places(theirs, "Vector table");
        var pending = Places(theirs, "PBA");
        if (table is null || pending is null) same("MSI-X place is warned of", ours.Warnings.Count > 0, true);
        if (table is not null && !(hasHoles && ours.MsiX.TableBar is null)) same("MSI-X table", (ours.MsiX.TableBar, ours.MsiX.TableOffset), table);
        if (pending is not null && !(hasHoles && ours.MsiX.PbaBar is null)) same("MSI-X PBA", (ours.MsiX.PbaBar, ours.MsiX.PbaOffset), pending);
    }

    private static void CompareExpress(PciConfigSpace ours, LspciCapability? theirs, bool hasHoles, Action<string, object?, object?> same)
    {
        same("has PCI Express", ours.Express is not null, theirs is not null);
        if (ours.Express is null || theirs is null) return;
        if (LspciDevice.ExpressType(theirs.Lines[0]) is { } type) same("PCI Express type", ours.Express.Type, type);
        if (hasHoles) return;
        var slot = theirs.Lines.Select(line => Slot().Match(line)).FirstOrDefault(match => match.Success);
        if (slot is not null) same("slot", ours.Express.SlotNumber, Number(slot.Groups[1]));
    }

    private static void CompareSriov(PciConfigSpace ours, LspciCapability? theirs, bool hasHoles, Action<string, object?, object?> same)
    {
        if (theirs is null || theirs.Lines.Count == 1 || (hasHoles && ours.Sriov is null))
        {
            same("SR-IOV", ours.Sriov, null);
            if (theirs is not null) same("SR-IOV extended complete", ours.IsExtendedComplete, false);
            return;
        }

        var text = string.Join('\n', theirs.Lines);
        var counts = VfCounts().Match(text);
        var place = VfPlace().Match(text);
        same("VF counts",
            (ours.Sriov?.InitialVfs, ours.Sriov?.TotalVfs, ours.Sriov?.NumVfs),
            ((int?)Number(counts.Groups[1]), (int?)Number(counts.Groups[2]), (int?)Number(counts.Groups[3])));
        same("VF place", (ours.Sriov?.VfOffset, ours.Sriov?.VfStride), ((int?)Number(place.Groups[1]), (int?)Number(place.Groups[2])));
        same("VF device", ours.Sriov?.VfDeviceId.ToString("x4", CultureInfo.InvariantCulture), place.Groups[3].Value);
        same("VF enabled", ours.Sriov?.IsEnabled, text.Contains("IOVCtl:\tEnable+", StringComparison.Ordinal));
    }

    private static (int?, uint?)? Places(LspciCapability capability, string what)
    {
        var match = capability.Lines.Select(line => Place().Match(line)).FirstOrDefault(match => match.Success && match.Groups[1].Value == what);
        return match is null ? null : (Number(match.Groups[2]), uint.Parse(match.Groups[3].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static int? MsiCount(LspciCapability? capability) => capability is null ? null : Number(MsiTitle().Match(capability.Lines[0]).Groups[3]);

    private static char PinOf(PciConfigSpace ours) => ours.InterruptPin is null or PciInterruptPin.None ? '?' : (char)('A' + (int)ours.InterruptPin - 1);

    private static string? Subsystem(PciConfigSpace ours) =>
        ours.SubsystemVendorId is null or 0 or 0xffff ? null : $"{ours.SubsystemVendorId:x4}:{ours.SubsystemId:x4}";

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^MSI: Enable([+-]) Count=(\d+)/(\d+) Maskable([+-]) 64bit([+-])$")]
    private static partial Regex MsiTitle();

    [GeneratedRegex(@"^MSI-X: Enable([+-]) Count=(\d+) Masked([+-])$")]
    private static partial Regex MsiXTitle();

    [GeneratedRegex(@"^(Vector table|PBA): BAR=(\d+) offset=([0-9a-f]{8})$")]
    private static partial Regex Place();

    [GeneratedRegex(@"^Slot #(\d+), ")]
    private static partial Regex Slot();

    [GeneratedRegex(@"Initial VFs: (\d+), Total VFs: (\d+), Number of VFs: (\d+), ")]
    private static partial Regex VfCounts();

    [GeneratedRegex(@"VF offset: (\d+), stride: (\d+), Device ID: ([0-9a-f]{4})")]
    private static partial Regex VfPlace();
}
