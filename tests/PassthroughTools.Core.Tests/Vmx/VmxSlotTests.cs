using System.Text;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vmx;

public sealed class VmxSlotTests
{
    [Theory]
    [InlineData("00000:026:01.2", "0000:1a:01.2")]
    [InlineData("00000:013:00.0", "0000:0d:00.0")]
    [InlineData("06:00.0", "0000:06:00.0")]
    [InlineData("130:00.0", "0000:82:00.0")]
    [InlineData("0:66:0.0", "0000:42:00.0")]
    [InlineData("12:00.1", "0000:0c:00.1")]
    public void An_id_is_decimal(string id, string address)
    {
        var slot = Slot($"pciPassthru0.id = \"{id}\"\npciPassthru0.present = \"TRUE\"");
        Assert.Equal(address, slot.Address.ToString());
        Assert.Equal(PassthruSlotKind.Passthrough, slot.Kind);
        Assert.Empty(slot.Notes);
    }

    [Fact]
    public void A_hexadecimal_id_names_no_device_and_what_was_meant_is_offered()
    {
        var slot = Slot("pciPassthru0.id = \"0000:0d:00.0\"");
        Assert.True(slot.IsIdHexadecimal);
        Assert.Null(slot.Address);
        Assert.Equal(new PciAddress(0, 13, 0, 0), slot.AddressIfHexadecimal);
    }

    [Fact]
    public void An_id_that_looks_copied_from_a_host_tool_is_read_as_decimal_and_noted()
    {
        var slot = Slot("pciPassthru0.id = \"0000:42:00.0\"\npciPassthru0.present = \"TRUE\"");
        Assert.Equal(new PciAddress(0, 42, 0, 0), slot.Address);
        Assert.Equal(new PciAddress(0, 0x42, 0, 0), slot.AddressIfHexadecimal);
        Assert.Single(slot.Notes);
    }

    [Theory]
    [InlineData("300:00.0")]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("00000:006:32.0")]
    public void An_unreadable_id_stays_a_passthrough_without_an_address(string id)
    {
        var slot = Slot($"pciPassthru0.id = \"{id}\"");
        Assert.Equal(PassthruSlotKind.Passthrough, slot.Kind);
        Assert.Null(slot.Address);
        Assert.Contains(slot.Notes, note => note.Contains("can't be read"));
    }

    [Fact]
    public void A_virtual_function_is_told_from_the_physical_function_that_its_id_repeats()
    {
        var slot = Slot(
            """
            pciPassthru28.deviceId = "0"
            pciPassthru28.dvs.portgroupId = "dvportgroup-75"
            pciPassthru28.id = "00000:026:00.1"
            pciPassthru28.pfId = "00000:026:00.1"
            pciPassthru28.present = "TRUE"
            pciPassthru28.systemId = "BYPASS"
            pciPassthru28.vendorId = "0"
            """);
        Assert.Equal((28, PassthruSlotKind.SriovVf), (slot.Slot, slot.Kind));
        Assert.Equal(new PciAddress(0, 26, 0, 1), slot.PhysicalFunction);
        Assert.Null(slot.Address);
        Assert.Null(slot.VendorId);
        Assert.Equal("dvportgroup-75", slot.Keys["DVS.portgroupId"]);
    }

    [Fact]
    public void A_virtual_function_that_was_chosen_has_its_own_address()
    {
        var slot = Slot("pciPassthru3.id = \"00000:026:01.2\"\npciPassthru3.pfId = \"00000:026:00.1\"");
        Assert.Equal(PassthruSlotKind.SriovVf, slot.Kind);
        Assert.Equal(new PciAddress(0, 26, 1, 2), slot.Address);
    }

    [Theory]
    [InlineData("pciPassthru3.systemId = \"BYPASS\"")]
    [InlineData("pciPassthru3.vendorId = \"0\"\npciPassthru3.deviceId = \"0x0\"")]
    public void A_virtual_function_is_known_by_any_of_its_marks(string text) => Assert.Equal(PassthruSlotKind.SriovVf, Slot(text).Kind);

    [Theory]
    [InlineData("pciPassthru0.allowedDevices = \"0x10de:0x20f1\"", true)]
    [InlineData("pciPassthru0.vgpu = \"grid_p40-8q\"", false)]
    [InlineData("pciPassthru0.present = \"TRUE\"", false)]
    public void An_entry_without_an_address_is_unknown_and_keeps_its_keys(string text, bool isDynamic)
    {
        var slot = Slot(text);
        Assert.Equal(PassthruSlotKind.Unknown, slot.Kind);
        Assert.Equal(isDynamic, slot.IsDynamic);
        Assert.Single(slot.Keys);
        Assert.NotEmpty(slot.Notes);
    }

    [Fact]
    public void Slots_are_sparse_and_in_order_of_their_numbers()
    {
        var slots = Document("pciPassthru17.id = \"1:0.0\"\npciPassthru2.id = \"2:0.0\"\npciPassthru10.present = \"FALSE\"\npciPassthru.use64bitMMIO = \"TRUE\"").Slots;
        Assert.Equal([2, 10, 17], slots.Select(slot => slot.Slot));
        Assert.Equal([true, false, true], slots.Select(slot => slot.Present));
    }

    [Theory]
    [InlineData("0x10df", "0xf100")]
    [InlineData("10df", "F100")]
    public void Identifiers_are_hexadecimal_with_or_without_a_prefix(string vendor, string device)
    {
        var slot = Slot($"pciPassthru0.id = \"6:0.0\"\npciPassthru0.vendorId = \"{vendor}\"\npciPassthru0.deviceId = \"{device}\"");
        Assert.Equal((ushort?)0x10df, slot.VendorId);
        Assert.Equal((ushort?)0xf100, slot.DeviceId);
    }

    [Theory]
    [InlineData("-1", null)]
    [InlineData("192", 192)]
    public void A_slot_number_of_minus_one_is_none(string text, int? expected) =>
        Assert.Equal(expected, Slot($"pciPassthru0.pciSlotNumber = \"{text}\"").PciSlotNumber);

    [Fact]
    public void A_contradicted_id_gives_no_address()
    {
        var slot = Slot("pciPassthru0.id = \"6:0.0\"\npciPassthru0.ID = \"7:0.0\"");
        Assert.Null(slot.Address);
        Assert.Equal(PassthruSlotKind.Passthrough, slot.Kind);
        Assert.Contains(slot.Notes, note => note.Contains("twice"));
    }

    [Fact]
    public void An_unreadable_present_counts_as_present() => Assert.True(Slot("pciPassthru0.present = \"maybe\"").Present);

    [Fact]
    public void An_unreadable_mode_is_not_taken_for_the_default()
    {
        var slot = Slot("pciPassthru0.msiEnabled = \"0\"");
        Assert.Equal(PassthruMsiMode.Unknown, slot.MsiMode);
        Assert.Null(slot.MsiEnabled);
    }

    private static VmxDocument Document(string text) => VmxDocument.Parse(Encoding.UTF8.GetBytes(text), "vm.vmx");

    private static PassthruSlot Slot(string text) => Assert.Single(Document(text).Slots);
}
