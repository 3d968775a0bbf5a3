using PassthroughTools.Host;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Tests.Host;

public sealed class EsxcliPciListReaderTests
{
    private static IReadOnlyList<EsxcliPciDevice> Read(string text) => EsxcliPciListReader.Read(TextFile.SplitLines(text), "pci.txt");

    private static string Unindent(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));

    private static string WithoutHeadings(string text) => string.Join('\n', text.Split('\n').Where(line => line.Contains(' ', StringComparison.Ordinal)));

    [Fact]
    public void Every_field_of_the_sixth_generation_is_typed()
    {
        var device = Read(PciListSamples.Six)[0];
        Assert.Equal(
            new EsxcliPciDevice
            {
                Address = new PciAddress(0, 0xaf, 0, 0),
                VMkernelName = "vmhba3",
                VendorName = "Emulex Corporation",
                DeviceName = "LPe12000: 8Gb Fibre Channel Host Adapter",
                ConfiguredOwner = PciOwner.VMPassthru,
                CurrentOwner = PciOwner.VMPassthru,
                VendorId = 0x10df,
                DeviceId = 0xf100,
                SubVendorId = 0x10df,
                SubDeviceId = 0xf100,
                DeviceClass = 0x0c04,
                DeviceClassName = "Fibre Channel",
                ProgrammingInterface = 0,
                RevisionId = 3,
                InterruptLine = 11,
                Irq = 255,
                InterruptVector = 0,
                PciPin = 0,
                SpawnedBus = 0,
                Flags = 0x3401,
                ModuleId = 21,
                ModuleName = "pciPassthru",
                Chassis = 0,
                PhysicalSlot = null,
                SlotDescription = "Chassis slot 2; function 0; relative bdf 02:00.0",
                PassthruCapable = true,
                ParentDevice = new PciAddress(0, 174, 0, 0),
                DependentDevice = new PciAddress(0, 175, 0, 2),
                ResetMethod = "Function reset",
                FptSharable = true,
                Fields = device.Fields,
                Source = "pci.txt",
                Line = 1,
                Warnings = device.Warnings,
            },
            device);
        Assert.Empty(device.Warnings);
    }

    [Fact]
    public void The_second_record_has_its_own_values()
    {
        var device = Read(PciListSamples.Six)[1];
        Assert.Equal((new PciAddress(0, 2, 0, 1), PciOwner.Unknown, PciOwner.VMkernel, (int?)10, (int?)0x32, (int?)2, (bool?)false),
            (device.Address, device.ConfiguredOwner, device.CurrentOwner, device.Irq, device.InterruptVector, device.PhysicalSlot, device.PassthruCapable));
    }

    [Fact]
    public void The_fields_that_7_0_added_are_read_and_minus_one_means_none()
    {
        var devices = Read(PciListSamples.Seven);
        Assert.Equal(("s00000004.00", null, "0", null), (devices[0].DeviceLayerBusAddress, devices[0].NumaNode, devices[0].ExtendedDeviceId, devices[0].PhysicalSlot));
        Assert.Equal((int?)1, devices[1].NumaNode);
    }

    [Fact]
    public void The_decimal_addresses_of_5_x_give_the_same_devices() =>
        Assert.Equal(Read(PciListSamples.Six).Select(device => device.Address), Read(PciListSamples.Five).Select(device => device.Address));

    [Fact]
    public void A_decimal_address_is_read_even_without_the_fields_that_confirm_it() =>
        Assert.Equal(new PciAddress(0, 0, 0x1f, 2), Read("000:000:31.2\n   Address: 000:000:31.2\n   Device ID: 0x1\n")[0].Address);

    [Fact]
    public void Lost_indentation_changes_nothing() =>
        Assert.Equal(Read(PciListSamples.Seven).Select(Essence), Read(Unindent(PciListSamples.Seven)).Select(Essence));

    [Fact]
    public void Lost_headings_change_nothing() =>
        Assert.Equal(Read(PciListSamples.Seven).Select(Essence), Read(WithoutHeadings(Unindent(PciListSamples.Seven))).Select(Essence));

    [Fact]
    public void CRLF_and_trailing_blanks_change_nothing() =>
        Assert.Equal(Read(PciListSamples.Six).Select(Essence), Read(PciListSamples.Six.Replace("\n", " \r\n", StringComparison.Ordinal)).Select(Essence));

    [Fact]
    public void Prompts_and_lower_case_field_names_change_nothing() =>
        Assert.Equal(
            Read(PciListSamples.Six).Select(device => (device.Address, device.DeviceId, device.CurrentOwner, device.ParentDevice)),
            Read("[root@esx1:~] esxcli hardware pci list\n" + PciListSamples.Six.ToLowerInvariant() + "[root@esx1:~] \n")
                .Select(device => (device.Address, device.DeviceId, device.CurrentOwner, device.ParentDevice)));

    [Fact]
    public void All_fields_are_kept_in_order_even_unknown_ones()
    {
        var device = Read("0000:02:00.1\n   Address: 0000:02:00.1\n   Zeta: 1\n   Alpha: a: b\n   Device ID: 0x1\n")[0];
        Assert.Equal(["Address", "Zeta", "Alpha", "Device ID"], device.Fields.Keys);
        Assert.Equal("a: b", device.Fields["alpha"]);
    }

    [Fact]
    public void Values_that_can_not_be_read_are_null_and_named()
    {
        var device = Read("0000:02:00.1\n   Address: 0000:02:00.1\n   Device ID: 0x1\n   Vendor ID: 0x18086\n   IRQ: ten\n   Current Owner: Nobody\n   Chassis: 0\n")[0];
        Assert.Equal((null, null, PciOwner.Unknown), (device.VendorId, device.Irq, device.CurrentOwner));
        Assert.Equal(3, device.Warnings.Count);
    }

    [Fact]
    public void A_text_that_is_cut_off_keeps_its_last_record_with_a_warning()
    {
        var cut = PciListSamples.Six[..(PciListSamples.Six.LastIndexOf("Device ID: 0x1528", StringComparison.Ordinal) + "Device ID: 0x15".Length)];
        var device = Read(cut)[1];
        Assert.Equal((ushort?)0x8086, device.VendorId);
        Assert.NotEmpty(device.Warnings);
    }

    [Fact]
    public void The_value_at_the_cut_is_not_trusted()
    {
        var cut = PciListSamples.Six[..(PciListSamples.Six.LastIndexOf("Device ID: 0x1528", StringComparison.Ordinal) + "Device ID: 0x15".Length)];
        Assert.Null(Read(cut)[1].DeviceId);
    }

    [Fact]
    public void A_cut_within_the_last_address_leaves_that_device_out_with_a_warning()
    {
        var text = WithoutHeadings(PciListSamples.Six);
        var devices = Read(text[..(text.IndexOf("Address: 0000:02", StringComparison.Ordinal) + "Address: 0000:0".Length)]);
        Assert.NotEmpty(Assert.Single(devices).Warnings);
    }

    [Fact]
    public void An_unreadable_record_in_the_middle_is_refused_and_not_skipped() =>
        Assert.Equal("EsxcliPciRecordUnreadable", Assert.Throws<PassthruException>(() =>
            Read("Address: nonsense\nDevice ID: 0x1\n" + PciListSamples.Six)).ErrorId);

    [Fact]
    public void Fields_win_over_an_address_that_says_otherwise()
    {
        var device = Read(PciListSamples.Six.Replace("0000:02:00.1", "0000:03:00.1", StringComparison.Ordinal))[1];
        Assert.Equal(new PciAddress(0, 2, 0, 1), device.Address);
        Assert.Single(device.Warnings);
    }

    [Theory]
    [InlineData("Address,Bus,Chassis,ConfiguredOwner,\n0000:02:00.1,2,0,Unknown,\n")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<output/>\n")]
    [InlineData("PciDevice.Address.string=0000:02:00.1\n")]
    [InlineData("[{\"Address\": \"0000:02:00.1\"}]\n")]
    public void Output_of_a_machine_formatter_is_refused_by_name(string text) =>
        Assert.Equal("EsxcliFormatterUnsupported", Assert.Throws<PassthruException>(() => Read(text)).ErrorId);

    [Theory]
    [InlineData("")]
    [InlineData("Error: Unknown command or namespace hardware pci list\n")]
    [InlineData("0000:02:00.1\n0000:02:00.2\n")]
    [InlineData("Device ID     Enabled\n------------  -------\n0000:02:00.0     true\n")]
    [InlineData("   Product: VMware ESXi\n   Version: 8.0.3\n")]
    public void Anything_else_is_not_recognized(string text) =>
        Assert.Equal("InputNotRecognized", Assert.Throws<PassthruException>(() => Read(text)).ErrorId);

    [Fact]
    public void Damaged_lists_are_read_or_refused() =>
        Mutations.Survive(PciListSamples.Seven, lines => EsxcliPciListReader.Read(lines, null));

    [Fact]
    public void Another_culture_changes_nothing() =>
        Assert.Equal(Read(PciListSamples.Seven).Select(Essence), Mutations.InTurkish(() => Read(PciListSamples.Seven)).Select(Essence));

    [Fact]
    public void Ten_thousand_devices_are_read()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i =>
            $"0000:{i / 256 % 256:x2}:{i / 8 % 32:x2}.{i % 8}\n   Address: 0000:{i / 256 % 256:x2}:{i / 8 % 32:x2}.{i % 8}\n   Device ID: 0x1\n\n"));
        Assert.Equal(10_000, Read(text).Count);
    }

    // Everything but where it was read from.
    private static EsxcliPciDevice Essence(EsxcliPciDevice device)
    {
        Assert.Empty(device.Warnings);
        return device with { Line = 0, Fields = Empty, Warnings = NoWarnings };
    }

    private static readonly FieldTable Empty = new();
    private static readonly IReadOnlyList<string> NoWarnings = [];
}
