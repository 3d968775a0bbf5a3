using System.Text;
using CsCheck;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vmx;

/// <summary>Where the guest finds a device, by the slot number's documented parts and by what Windows and Linux call the place.</summary>
public sealed class GuestPciPathTests
{
    /// <summary>The bridges as ESXi makes them.</summary>
    private static readonly Dictionary<int, int> Bridges = new() { [0] = 17, [4] = 21, [5] = 22, [6] = 23, [7] = 24 };

    private static string? Path(int? number) => GuestPciPath.FromSlotNumber(number, bridge => Bridges.TryGetValue(bridge, out var at) ? at : null);

    [Theory]
    [InlineData(160, "15.0/00.0")]
    [InlineData(192, "16.0/00.0")]
    [InlineData(1216, "16.1/00.0")]
    [InlineData(2208, "15.2/00.0")]
    [InlineData(33, "11.0/01.0")]
    [InlineData(16, "10.0")]
    public void A_slot_number_is_function_and_bridge_and_device(int number, string path) => Assert.Equal(path, Path(number));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(8192)]
    [InlineData(null)]
    public void A_number_that_names_no_bridge_of_the_VM_says_nothing(int? number) => Assert.Null(Path(number));

    [Fact]
    public void A_bridge_may_hang_on_another_one() =>
        Assert.Equal("11.0/03.0/00.0", GuestPciPath.FromSlotNumber(64, bridge => bridge == 1 ? 35 : 17));

    [Fact]
    public void Bridges_that_hang_on_each_other_end_the_search() => Assert.Null(GuestPciPath.FromSlotNumber(64, _ => 64));

    [Fact]
    public void What_Windows_and_Linux_call_a_place_is_the_same() => Gen.Select(Gen.Int[0, 31], Gen.Int[0, 7], Gen.Int[0, 31], Gen.Int[0, 7], Gen.Int[0, 255]).Sample((bridge, function, device, own, bus) =>
    {
        var windows = GuestPciPath.FromWindows($"PCIROOT(0)#PCI({bridge:X2}{function:X2})#PCI({device:X2}{own:X2})");
        Assert.Equal($"{bridge:x2}.{function}/{device:x2}.{own}", windows);
        Assert.Equal(windows, GuestPciPath.FromSysfs($"../../../devices/pci0000:00/0000:00:{bridge:x2}.{function}/0000:{bus:x2}:{device:x2}.{own}"));
    });

    [Theory]
    [InlineData("PCIROOT(40)#PCI(1600)#PCI(0000)")]
    [InlineData("ACPI(_SB_)#ACPI(PCI0)#ACPI(S16F)")]
    [InlineData("PCIROOT(0)#PCI(1600)#USBROOT(0)")]
    [InlineData("PCIROOT(0)#PCI(1618)")]
    [InlineData("PCIROOT(0)")]
    [InlineData("")]
    [InlineData(null)]
    public void A_place_under_another_root_or_of_another_kind_is_none(string? text) => Assert.Null(GuestPciPath.FromWindows(text));

    [Theory]
    [InlineData("../../../devices/pci0000:40/0000:40:16.0")]
    [InlineData("../../../devices/pci0000:00")]
    [InlineData("../../../devices/pci0000:00/0000:00:16.0/nvme")]
    [InlineData(null)]
    public void A_path_that_is_no_device_of_the_first_root_is_none(string? text) => Assert.Null(GuestPciPath.FromSysfs(text));

    [Theory]
    [InlineData("virtualHW.version = \"13\"", "16.0/00.0")]
    [InlineData("virtualHW.version = \"19\"\nfirmware = \"efi\"", "16.0/00.0")]
    [InlineData("virtualHW.version = \"20\"", "16.0/00.0")]
    [InlineData("virtualHW.version = \"20\"\nfirmware = \"efi\"", null)]
    [InlineData("virtualHW.version = \"19\"\nvirtualHW.version = \"20\"", null)]
    [InlineData("", null)]
    public void EFI_from_virtual_hardware_20_on_has_another_layout_so_nothing_is_derived(string version, string? path)
    {
        var text = version + "\npciBridge5.pciSlotNumber = \"22\"\npciPassthru0.id = \"00000:006:00.0\"\npciPassthru0.present = \"TRUE\"\npciPassthru0.pciSlotNumber = \"192\"\n";
        Assert.Equal(path, Assert.Single(VmxDocument.Parse(Encoding.UTF8.GetBytes(text)).Slots).GuestPath);
    }

    [Fact]
    public void A_bridge_whose_number_is_there_twice_with_different_values_says_nothing()
    {
        const string Text = "virtualHW.version = \"13\"\npciBridge5.pciSlotNumber = \"22\"\npciBridge5.pciSlotNumber = \"23\"\npciPassthru0.id = \"00000:006:00.0\"\npciPassthru0.pciSlotNumber = \"192\"\n";
        Assert.Null(Assert.Single(VmxDocument.Parse(Encoding.UTF8.GetBytes(Text)).Slots).GuestPath);
    }
}
