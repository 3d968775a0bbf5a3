using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

public sealed class PciConfigSpaceReaderTests
{
    [Fact]
    public void An_hba_shows_its_vectors_and_mode()
    {
        var hba = SampleDevices.Hba().Read("0000:08:00.0 Fibre Channel: Emulex LPe12000");
        Assert.Equal(new PciAddress(0, 8, 0, 0), hba.Address);
        Assert.Equal("Fibre Channel: Emulex LPe12000", hba.Description);
        Assert.Equal("10df:f100", hba.HardwareId);
        Assert.Equal((16, 32, InterruptMode.MsiX), (hba.MsiVectors, hba.MsiXTableSize, hba.CurrentMode));
        Assert.Equal((2, 0x2000u, 2, 0x3000u), (hba.MsiX!.TableBar, hba.MsiX.TableOffset, hba.MsiX.PbaBar, hba.MsiX.PbaOffset));
        Assert.Equal([0x58, 0x60, 0xa4, 0x94], hba.Capabilities.Select(capability => capability.Offset));
        Assert.Equal((true, true, 4096), (hba.IsComplete, hba.IsExtendedComplete, hba.Length));
        Assert.Equal((PciInterruptPin.A, (byte?)0x0b), (hba.InterruptPin, hba.InterruptLine));
        Assert.Empty(hba.Warnings);
    }

    [Fact]
    public void Base_address_registers_are_read_with_their_kinds()
    {
        var bars = SampleDevices.SriovNic().Read().Bars;
        Assert.Equal(
            [
                new PciBar(0, PciBarKind.Memory64, 0x1_d000_0000, true, 0x1_d000_000c),
                new PciBar(2, PciBarKind.Io, 0xe000, false, 0xe001),
                new PciBar(4, PciBarKind.Memory64, 0xd020_0000, true, 0xd020_000c),
            ],
            bars);
    }

    [Fact]
    public void Virtual_functions_are_read_from_the_extended_capability()
    {
        var sriov = SampleDevices.SriovNic().Read().Sriov;
        Assert.Equal(
            new PciSriovCapability { Offset = 0x160, IsEnabled = true, InitialVfs = 63, TotalVfs = 63, NumVfs = 8, VfOffset = 128, VfStride = 2, VfDeviceId = 0x10ed },
            sriov);
    }

    [Fact]
    public void A_bridge_has_its_subsystem_from_the_capability_and_its_slot()
    {
        var port = SampleDevices.RootPort().Read();
        Assert.Equal(((ushort?)0x15d9, (ushort?)0x0832), (port.SubsystemVendorId, port.SubsystemId));
        Assert.Equal((PciHeaderType.Bridge, PciExpressType.RootPort, 5), (port.HeaderType, port.Express!.Type, port.Express.SlotNumber));
        Assert.Equal((InterruptMode.IntX, 2), (port.CurrentMode, port.MsiVectors));
    }

    [Fact]
    public void A_dump_of_256_bytes_leaves_virtual_functions_unknown()
    {
        var nic = PciConfigSpaceReader.Read(ConfigBuilder.Print("03:00.1 NIC", SampleDevices.SriovNic().Bytes.AsSpan(0, 256)), null)[0];
        Assert.Equal((null, true, false), (nic.Sriov, nic.IsComplete, nic.IsExtendedComplete));
        Assert.Equal(64, nic.MsiXTableSize);
    }

    [Fact]
    public void A_dump_of_64_bytes_leaves_vectors_unknown_and_names_the_command_that_tells()
    {
        var hba = PciConfigSpaceReader.Read(ConfigBuilder.Print("08:00.0 HBA", SampleDevices.Hba().Bytes.AsSpan(0, 64)), null)[0];
        Assert.Equal((null, null, false, false), (hba.MsiVectors, hba.MsiXTableSize, hba.IsComplete, hba.IsExtendedComplete));
        Assert.Equal(InterruptMode.Unknown, hba.CurrentMode);
        Assert.Contains("lspci -xxx", Assert.Single(hba.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_a_capability_list_is_complete_and_has_no_vectors()
    {
        var old = new ConfigBuilder(0x1013, 0x00b8, 0x0300, length: 64).Word(0x06, 0).Byte(0x3d, 1).Read();
        Assert.Equal((null, null, true, true), (old.MsiVectors, old.MsiXTableSize, old.IsComplete, old.IsExtendedComplete));
        Assert.Equal(InterruptMode.IntX, old.CurrentMode);
    }

    [Theory]
    [InlineData(0x0000, 1, InterruptMode.IntX)]
    [InlineData(0x0400, 1, InterruptMode.None)]
    [InlineData(0x0000, 0, InterruptMode.None)]
    [InlineData(0x0000, 5, InterruptMode.Unknown)]
    public void The_line_is_in_use_unless_there_is_no_pin_or_it_is_disabled(int command, int pin, InterruptMode expected) =>
        Assert.Equal(expected, new ConfigBuilder(0x10df, 0xf100, 0x0c04).Word(4, command).Byte(0x3d, pin).Capability(0x40, 5, 0x0008).Read().CurrentMode);

    [Fact]
    public void Msi_and_msix_enabled_at_once_is_msix_with_a_warning()
    {
        var odd = new ConfigBuilder(0x10df, 0xf100, 0x0c04).Capability(0x40, 5, 0x0009).Capability(0x50, 0x11, 0x801f).Read();
        Assert.Equal(InterruptMode.MsiX, odd.CurrentMode);
        Assert.Single(odd.Warnings);
    }

    [Fact]
    public void A_loop_ends_with_a_warning()
    {
        var looped = SampleDevices.Hba().Byte(0x95, 0x58).Read();
        Assert.Equal(4, looped.Capabilities.Count);
        Assert.False(looped.IsComplete);
        Assert.Contains("loops", Assert.Single(looped.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pointer_into_the_header_ends_with_a_warning()
    {
        var broken = SampleDevices.Hba().Byte(0x61, 0x10).Read();
        Assert.Equal((2, false), (broken.Capabilities.Count, broken.IsComplete));
        Assert.Contains("header", Assert.Single(broken.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_chain_ends_with_a_warning()
    {
        var cut = PciConfigSpaceReader.Read(ConfigBuilder.Print("08:00.0 HBA", SampleDevices.Hba().Bytes.AsSpan(0, 0x90)), null)[0];
        Assert.Equal((16, null, false), (cut.MsiVectors, cut.MsiXTableSize, cut.IsComplete));
        Assert.Contains("a4", Assert.Single(cut.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reserved_vector_count_is_unknown_rather_than_a_number()
    {
        var odd = new ConfigBuilder(0x10df, 0xf100, 0x0c04).Capability(0x40, 5, 0x000e).Read();
        Assert.Equal((null, false), (odd.MsiVectors, odd.IsComplete));
        Assert.Single(odd.Warnings);
    }

    [Fact]
    public void A_second_msix_capability_is_ignored_with_a_warning()
    {
        var odd = new ConfigBuilder(0x10df, 0xf100, 0x0c04).Capability(0x40, 0x11, 0x001f).Capability(0x50, 0x11, 0x07ff).Read();
        Assert.Equal(32, odd.MsiXTableSize);
        Assert.Single(odd.Warnings);
    }

    [Fact]
    public void A_device_that_reads_ff_is_gone()
    {
        var gone = PciConfigSpaceReader.Read(ConfigBuilder.Print("08:00.0 HBA", Enumerable.Repeat((byte)0xff, 256).ToArray()), null)[0];
        Assert.Equal((true, false, null, InterruptMode.Unknown), (gone.IsGone, gone.IsComplete, gone.MsiXTableSize, gone.CurrentMode));
        Assert.Single(gone.Warnings);
    }

    [Fact]
    public void A_virtual_function_whose_ids_read_ff_still_shows_its_vectors()
    {
        var function = SampleDevices.Hba().Word(0, 0xffff).Word(2, 0xffff).Read();
        Assert.Equal((false, 32, true), (function.IsGone, function.MsiXTableSize, function.IsComplete));
        Assert.Single(function.Warnings);
    }

    [Fact]
    public void An_unknown_header_type_leaves_vectors_unknown()
    {
        var odd = SampleDevices.Hba().Byte(0x0e, 0x05).Read();
        Assert.Equal((PciHeaderType.Unknown, false, null), (odd.HeaderType, odd.IsComplete, odd.MsiXTableSize));
    }

    [Fact]
    public void A_cardbus_bridge_has_its_list_at_another_place()
    {
        var bridge = new ConfigBuilder(0x104c, 0x8039, 0x0607, 2).Byte(0x14, 0xa0).Word(0xa0, 0x0001).Word(0xa2, 0x7e22).Word(0x40, 0x1025).Word(0x42, 0x0080).Read();
        Assert.Equal((PciHeaderType.CardBus, (ushort?)0x1025, true), (bridge.HeaderType, bridge.SubsystemVendorId, bridge.IsComplete));
        Assert.Equal(1, Assert.Single(bridge.Capabilities).Id);
    }
}
