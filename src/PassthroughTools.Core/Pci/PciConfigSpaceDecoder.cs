using System.Globalization;

namespace PassthroughTools.Pci;

/// <summary>
/// Decodes one configuration space. Any bytes are good: chains are followed at most once over each offset, and what can't be
/// trusted ends in a warning. Register layouts are those of the PCI Local Bus 3.0 and PCI Express Base specifications.
/// </summary>
internal sealed class PciConfigSpaceDecoder
{
    private const int ExtendedStart = 0x100;

    private readonly PciConfigImage _image;
    private readonly List<string> _warnings;
    private readonly List<PciCapability> _capabilities = [];
    private readonly List<PciCapability> _extended = [];
    private readonly PciHeaderType _type;
    private PciMsiCapability? _msi;
    private PciMsiXCapability? _msix;
    private PciExpressCapability? _express;
    private PciSriovCapability? _sriov;
    private ushort? _subsystemVendor;
    private ushort? _subsystem;
    private bool _hasPciX;
    private bool _complete = true;
    private bool _extendedComplete = true;

    private PciConfigSpaceDecoder(PciConfigImage image, List<string> warnings)
    {
        _image = image;
        _warnings = warnings;
        _type = (image.Byte(0x0e) & 0x7f) switch
        {
            0 => PciHeaderType.Normal,
            1 => PciHeaderType.Bridge,
            2 => PciHeaderType.CardBus,
            _ => PciHeaderType.Unknown,
        };
    }

    /// <summary>Decodes.</summary>
    /// <param name="address">Address in the heading.</param>
    /// <param name="description">The rest of the heading.</param>
    /// <param name="source">File name; null for piped text.</param>
    /// <param name="image">The bytes.</param>
    /// <param name="warnings">Warnings of the reader, which come first.</param>
    public static PciConfigSpace Decode(PciAddress address, string? description, string? source, PciConfigImage image, IReadOnlyList<string> warnings)
    {
        var record = image.IsAllOnes()
            ? new PciConfigSpace
            {
                Address = address,
                VendorId = image.Word(0) ?? 0,
                DeviceId = image.Word(2) ?? 0,
                IsGone = true,
                Warnings = [.. warnings, "Every byte reads ff: the device does not answer (removed, powered down or in reset), so nothing is known of it."],
            }
            : new PciConfigSpaceDecoder(image, [.. warnings]).Decode(address);
        return record with { Description = description, Source = source, Length = image.Length };
    }

    private PciConfigSpace Decode(PciAddress address)
    {
        var vendor = _image.Word(0);
        if (_image.Count == 0) Incomplete("The dump has no bytes for this device (no right to read them?). Run 'lspci -xxx' as root.");
        else if (vendor is null) Warn("The dump lacks the vendor ID (offset 00).");
        else if (vendor is 0xffff) Warn("The vendor ID reads ffff, as that of an SR-IOV virtual function does; its IDs are those of its physical function.");

        var command = _image.Word(0x04);
        var pin = Pin();
        ReadSubsystem();
        if (_image.Count > 0) WalkCapabilities();
        if (_express is not null || _hasPciX) WalkExtendedCapabilities();
        else if (!_complete) _extendedComplete = false;
        if (_msi is { IsEnabled: true } && _msix is { IsEnabled: true }) Warn("MSI and MSI-X are both enabled, which the standard forbids; MSI-X is taken to be in use.");

        var classRevision = _image.Dword(0x08);
        return new PciConfigSpace
        {
            Address = address,
            VendorId = vendor ?? 0,
            DeviceId = _image.Word(2) ?? 0,
            ClassCode = (ushort?)(classRevision >> 16),
            ProgrammingInterface = (byte?)((classRevision >> 8) & 0xff),
            RevisionId = (byte?)(classRevision & 0xff),
            HeaderType = _type,
            IsMultifunction = _image.Byte(0x0e) is { } header ? (header & 0x80) != 0 : null,
            SubsystemVendorId = _subsystemVendor,
            SubsystemId = _subsystem,
            InterruptPin = pin,
            InterruptLine = _type == PciHeaderType.Unknown ? null : _image.Byte(0x3c),
            IsIntXDisabled = command is { } bits ? (bits & 0x400) != 0 : null,
            CurrentMode = Mode(pin, command),
            MsiVectors = _msi?.Capable,
            MsiXTableSize = _msix?.TableSize,
            Msi = _msi,
            MsiX = _msix,
            Express = _express,
            Sriov = _sriov,
            Bars = PciBarReader.Read(_image, _type, Warn),
            Capabilities = _capabilities,
            ExtendedCapabilities = _extended,
            IsComplete = _complete,
            IsExtendedComplete = _extendedComplete,
            Warnings = _warnings,
        };
    }

    private PciInterruptPin? Pin()
    {
        if (_type == PciHeaderType.Unknown) return null;
        var value = _image.Byte(0x3d);
        if (value is null or <= 4) return (PciInterruptPin?)value;
        Warn($"The interrupt pin register holds the reserved value {value:x2}.");
        return null;
    }

    private InterruptMode Mode(PciInterruptPin? pin, ushort? command)
    {
        if (_msix is { IsEnabled: true }) return InterruptMode.MsiX;
        if (_msi is { IsEnabled: true }) return InterruptMode.Msi;
        if (!_complete || pin is null || command is null) return InterruptMode.Unknown;
        return pin != PciInterruptPin.None && (command & 0x400) == 0 ? InterruptMode.IntX : InterruptMode.None;
    }

    private void ReadSubsystem()
    {
        if (_type is not (PciHeaderType.Normal or PciHeaderType.CardBus)) return;
        var offset = _type == PciHeaderType.Normal ? 0x2c : 0x40;
        _subsystemVendor = _image.Word(offset);
        _subsystem = _image.Word(offset + 2);
    }

    private void WalkCapabilities()
    {
        if (_type == PciHeaderType.Unknown)
        {
            Incomplete(_image.Byte(0x0e) is { } value
                ? $"The header type {value & 0x7f:x2} is not known; capabilities can't be found."
                : "The dump lacks the header type (offset 0e); capabilities can't be found.");
            return;
        }

        if (_image.Word(0x06) is not { } status)
        {
            Incomplete("The dump lacks the status register (offset 06); capabilities can't be found.");
            return;
        }

        if ((status & 0x10) == 0) return;
        var (pointer, firstValid) = _type == PciHeaderType.CardBus ? (0x14, 0x48) : (0x34, 0x40);
        if (_image.Byte(pointer) is not { } start)
        {
            Incomplete($"The dump lacks the capability pointer (offset {pointer:x2}).");
            return;
        }

        var visited = new HashSet<int>();
        for (var where = start & 0xfc; where != 0;)
        {
            if (where < firstValid)
            {
                Incomplete($"The capability chain points into the header (offset {where:x2}); it is broken there.");
                return;
            }

            if (_image.Word(where) is not { } header || !_image.Has(where, 4))
            {
                var shorter = _image.Length <= 128 ? " Run 'lspci -xxx' as root for the whole of it." : "";
                Incomplete($"The dump does not hold the capability at offset {where:x2} ({_image.Count} bytes given).{shorter}");
                return;
            }

            if (!visited.Add(where))
            {
                Incomplete($"The capability chain loops back to offset {where:x2}.");
                return;
            }

            var id = header & 0xff;
            if (id == 0xff)
            {
                Incomplete($"The capability chain is broken: offset {where:x2} reads ff.");
                return;
            }

            if (id is 0x05 or 0x10 or 0x11 && _capabilities.Exists(other => other.Id == id))
                Warn($"A second {PciCapabilityNames.Of(id)} capability at offset {where:x2} is ignored.");
            _capabilities.Add(new PciCapability(id, PciCapabilityNames.Of(id), where));
            DecodeCapability(id, where);
            where = (header >> 8) & 0xfc;
        }
    }

    private void DecodeCapability(int id, int where)
    {
        var control = _image.Word(where + 2)!.Value;
        switch (id)
        {
            case 0x05:
                _msi ??= DecodeMsi(where, control);
                break;
            case 0x07:
                _hasPciX = true;
                break;
            case 0x0d when _type == PciHeaderType.Bridge && _subsystemVendor is null:
                _subsystemVendor = _image.Word(where + 4);
                _subsystem = _image.Word(where + 6);
                break;
            case 0x10:
                _express ??= DecodeExpress(where, control);
                break;
            case 0x11:
                _msix ??= DecodeMsiX(where, control);
                break;
        }
    }

    private PciMsiCapability DecodeMsi(int where, ushort control)
    {
        int capable = (control >> 1) & 7, granted = (control >> 4) & 7;
        if (capable > 5) Incomplete($"The MSI capability at offset {where:x2} holds a reserved number of vectors (code {capable}).");
        if (granted > 5) Warn($"The MSI capability at offset {where:x2} holds a reserved number of granted vectors (code {granted}).");
        else if (granted > capable) Warn($"The MSI capability at offset {where:x2} has more vectors granted than it can use.");
        return new PciMsiCapability
        {
            Offset = where,
            IsEnabled = (control & 1) != 0,
            Capable = capable > 5 ? null : 1 << capable,
            Granted = granted > 5 ? null : 1 << granted,
            Is64Bit = (control & 0x80) != 0,
            HasPerVectorMask = (control & 0x100) != 0,
        };
    }

    private PciMsiXCapability DecodeMsiX(int where, ushort control)
    {
        var table = _image.Dword(where + 4);
        var pending = _image.Dword(where + 8);
        if (table is null || pending is null) Warn($"The dump does not hold all of the MSI-X capability at offset {where:x2}; where its table lies is not known.");
        if ((table & 7) > 5 || (pending & 7) > 5) Warn($"The MSI-X capability at offset {where:x2} names a reserved BAR.");
        return new PciMsiXCapability
        {
            Offset = where,
            IsEnabled = (control & 0x8000) != 0,
            IsFunctionMasked = (control & 0x4000) != 0,
            TableSize = (control & 0x7ff) + 1,
            TableBar = (int?)(table & 7),
            TableOffset = table & ~7u,
            PbaBar = (int?)(pending & 7),
            PbaOffset = pending & ~7u,
        };
    }

    private PciExpressCapability DecodeExpress(int where, ushort flags)
    {
        var type = (PciExpressType)((flags >> 4) & 0xf);
        if (type is > PciExpressType.RootComplexEventCollector or (> PciExpressType.LegacyEndpoint and < PciExpressType.RootPort))
            Warn($"The PCI Express capability at offset {where:x2} holds the reserved device type {(int)type}.");
        var hasSlot = (flags & 0x100) != 0 && type is PciExpressType.RootPort or PciExpressType.DownstreamPort or PciExpressType.PciToPcieBridge;
        return new PciExpressCapability
        {
            Offset = where,
            Version = flags & 0xf,
            Type = type,
            InterruptMessage = (flags >> 9) & 0x1f,
            HasSlot = hasSlot,
            SlotNumber = hasSlot ? (int?)(_image.Dword(where + 0x14) >> 19) : null,
        };
    }

    private void WalkExtendedCapabilities()
    {
        if (!_complete && _express is null) _extendedComplete = false;
        var visited = new HashSet<int>();
        for (var where = ExtendedStart; where != 0;)
        {
            var first = where == ExtendedStart && visited.Count == 0;
            if (where < ExtendedStart)
            {
                ExtendedIncomplete($"The extended capability chain points into the first 256 bytes (offset {where:x3}); it is broken there.");
                return;
            }

            if (_image.Dword(where) is not { } header)
            {
                // A dump of 256 bytes is what most people make: IsExtendedComplete says so without a warning. Conventional PCI-X has no more.
                if (!first) ExtendedIncomplete($"The dump does not hold the extended capability at offset {where:x3}. Run 'lspci -xxxx' as root for the whole of it.");
                else if (_express is not null) _extendedComplete = false;
                return;
            }

            if (header is 0 or uint.MaxValue)
            {
                if (!first || header != 0)
                    ExtendedIncomplete($"The extended capability chain is broken: offset {where:x3} reads {(header == 0 ? "00" : "ff")}.");
                return;
            }

            if (!visited.Add(where))
            {
                ExtendedIncomplete($"The extended capability chain loops back to offset {where:x3}.");
                return;
            }

            var id = (int)(header & 0xffff);
            if (id == 0x10)
            {
                if (!_extended.Exists(other => other.Id == 0x10)) _sriov = DecodeSriov(where);
                else Warn($"A second SR-IOV capability at offset {where:x3} is ignored.");
            }

            _extended.Add(new PciCapability(id, PciCapabilityNames.OfExtended(id), where, (int)((header >> 16) & 0xf)));

            where = (int)((header >> 20) & 0xffc);
        }
    }

    private PciSriovCapability? DecodeSriov(int where)
    {
        if (!_image.Has(where, 0x40))
        {
            ExtendedIncomplete($"The dump does not hold all of the SR-IOV capability at offset {where:x3}; its virtual functions are not known.");
            return null;
        }

        int initial = _image.Word(where + 0x0c)!.Value, total = _image.Word(where + 0x0e)!.Value, number = _image.Word(where + 0x10)!.Value;
        if (number > total) Warn(string.Format(CultureInfo.InvariantCulture, "SR-IOV has {0} virtual functions configured of {1} possible.", number, total));
        return new PciSriovCapability
        {
            Offset = where,
            IsEnabled = (_image.Word(where + 0x08)!.Value & 1) != 0,
            InitialVfs = initial,
            TotalVfs = total,
            NumVfs = number,
            VfOffset = _image.Word(where + 0x14)!.Value,
            VfStride = _image.Word(where + 0x16)!.Value,
            VfDeviceId = _image.Word(where + 0x1a)!.Value,
        };
    }

    private void Warn(string text) => _warnings.Add(text);

    private void Incomplete(string text)
    {
        _complete = false;
        _warnings.Add(text);
    }

    private void ExtendedIncomplete(string text)
    {
        _extendedComplete = false;
        _warnings.Add(text);
    }
}
