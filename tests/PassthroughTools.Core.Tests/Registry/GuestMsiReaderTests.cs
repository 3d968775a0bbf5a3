using PassthroughTools.Pci;
using PassthroughTools.Registry;

namespace PassthroughTools.Tests.Registry;

public sealed class GuestMsiReaderTests
{
    [Fact]
    public void A_device_is_read_with_its_names_and_settings()
    {
        var setting = Assert.Single(GuestMsiReader.Read(
            GuestExport.Parse(
                """
                "DeviceDesc"="@oem12.inf,%lpfc.desc%;Emulex LPe12000"
                "Class"="SCSIAdapter"
                "Service"="elxfc"
                "Driver"="{4d36e97b-e325-11ce-bfc1-08002be10318}\\0002"
                "LocationInformation"="@System32\\drivers\\pci.sys,#65536;PCI bus %1, device %2, function %3;(11,0,1)"
                """,
                "\"MSISupported\"=dword:00000001\n\"MessageNumberLimit\"=dword:00000010",
                affinity: "\"DevicePolicy\"=dword:00000004\n\"DevicePriority\"=dword:00000003"),
            "sql01"));
        Assert.Equal("sql01", setting.VM);
        Assert.Equal("Emulex LPe12000", setting.Device);
        Assert.Equal(GuestExport.InstanceId, setting.InstanceId);
        Assert.Equal(@"PCI\VEN_10DF&DEV_F100&SUBSYS_F10010DF&REV_03", setting.HardwareId);
        Assert.Equal(((ushort?)0x10df, (ushort?)0xf100), (setting.VendorId, setting.DeviceId));
        Assert.Equal(((ushort?)0x10df, (ushort?)0xf100), (setting.SubsystemVendorId, setting.SubsystemId));
        Assert.Equal(("SCSIAdapter", "elxfc"), (setting.Class, setting.Service));
        Assert.Equal(new PciAddress(0, 11, 0, 1), setting.GuestLocation);
        Assert.Equal((true, 16), (setting.MsiSupported, setting.MessageNumberLimit));
        Assert.Equal((4, 3), (setting.AffinityPolicy, setting.DevicePriority));
        Assert.Null(setting.IsPresent);
        Assert.Empty(setting.Warnings);
    }

    [Fact]
    public void Absent_values_are_null()
    {
        var setting = One("", "");
        Assert.Null(setting.MsiSupported);
        Assert.Null(setting.MessageNumberLimit);
        Assert.Null(setting.LegacyMsiEnabled);
        Assert.Null(setting.Device);
    }

    [Fact]
    public void The_friendly_name_goes_before_the_description() => Assert.Equal("Port 1", One("\"DeviceDesc\"=\"x\"\n\"FriendlyName\"=\"Port 1\"").Device);

    [Theory]
    [InlineData("PCI bus 11, device 0, function 1", 11, 0, 1)]
    [InlineData("Bus PCI 3, périphérique 5, fonction 0", 3, 5, 0)]
    [InlineData("PCI Slot 192 (PCI bus 11, device 0, function 1)", 11, 0, 1)]
    [InlineData("@System32\\\\drivers\\\\pci.sys,#65536;PCI bus %1, device %2, function %3;(11,0,1)", 11, 0, 1)]
    public void A_location_is_read_in_every_form(string text, int bus, int device, int function) =>
        Assert.Equal(new PciAddress(0, bus, device, function), One($"\"LocationInformation\"=\"{text}\"").GuestLocation);

    [Theory]
    [InlineData("PCI bus 11")]
    [InlineData("@System32\\\\drivers\\\\pci.sys,#1;nothing")]
    [InlineData("bus 1, device 32, function 0")]
    public void A_location_that_is_none_is_null(string text) => Assert.Null(One($"\"LocationInformation\"=\"{text}\"").GuestLocation);

    [Theory]
    [InlineData("\"1\"", true)]
    [InlineData("\"0\"", false)]
    [InlineData("hex(b):00,00,00,00,00,00,00,00", false)]
    [InlineData("hex(5):00,00,00,01", true)]
    [InlineData("hex:01,00,00,00", true)]
    public void A_value_of_the_wrong_type_is_read_and_marked(string data, bool expected)
    {
        var setting = One(msi: "\"MSISupported\"=" + data);
        Assert.Equal(expected, setting.MsiSupported);
        Assert.Equal(["MSISupported"], setting.WrongType);
        Assert.Single(setting.Warnings);
    }

    [Theory]
    [InlineData("\"yes\"")]
    [InlineData("hex:01")]
    [InlineData("dword:00000002")]
    [InlineData("hex(7):31,00,00,00,00,00")]
    [InlineData("hex(4):01,00")]
    [InlineData("dword:00000001\n\"MSISupported\"=dword:00000000")]
    public void A_value_that_can_mean_two_things_is_unreadable_and_not_absent(string data)
    {
        var setting = One(msi: "\"MSISupported\"=" + data);
        Assert.Null(setting.MsiSupported);
        Assert.Equal(["MSISupported"], setting.Unreadable);
        Assert.NotEmpty(setting.Warnings);
    }

    [Fact]
    public void A_value_named_MSIEnabled_is_shown_and_does_not_count()
    {
        var setting = One(msi: "\"MSIEnabled\"=dword:00000000");
        Assert.False(setting.LegacyMsiEnabled);
        Assert.Null(setting.MsiSupported);
        Assert.Single(setting.Warnings);
    }

    [Theory]
    [InlineData(@"\Properties\{3ab22e31-8264-4b4e-9af5-a8d2d8e33e62}\000F", "@=hex(ffff0007):20,00,00,00")]
    [InlineData(@"\Properties\{3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62}\0000000F\00000000", "\"Type\"=dword:00000007\n\"Data\"=hex:20,00,00,00")]
    public void The_hardwares_table_size_is_read_where_the_export_has_it(string key, string values) =>
        Assert.Equal(32, Assert.Single(GuestMsiReader.Read(GuestExport.Parse(more: $"[{GuestExport.Key}{key}]\n{values}\n"))).InterruptMessageMaximum);

    [Fact]
    public void The_hardwares_kinds_of_interrupt_are_read_where_the_export_has_them()
    {
        const string Key = GuestExport.Key + @"\Properties\{3ab22e31-8264-4b4e-9af5-a8d2d8e33e62}\000E";
        var setting = Assert.Single(GuestMsiReader.Read(GuestExport.Parse(more: $"[{Key}]\n@=hex(ffff0007):05,00,00,00\n")));
        Assert.Equal(GuestInterruptSupport.LineBased | GuestInterruptSupport.MsiX, setting.InterruptSupport);
    }

    [Fact]
    public void Of_two_control_sets_the_current_one_is_read() =>
        Assert.Equal(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_1000&DEV_0002\b", Assert.Single(GuestMsiReader.Read(GuestExport.Raw(
            """
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Enum\PCI\VEN_1000&DEV_0001\a]
            [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_1000&DEV_0002\b]
            """))).KeyPath);

    [Theory]
    [InlineData(@"HKEY_LOCAL_MACHINE\OFFLINE")]
    [InlineData("")]
    public void Of_an_offline_hives_control_sets_the_selected_one_is_read(string root) =>
        Assert.Equal(@"PCI\VEN_1000&DEV_0002\b", Assert.Single(GuestMsiReader.Read(GuestExport.Raw(
            $"""
            [{root}\Select]
            "Current"=dword:00000002
            [{root}\ControlSet001\Enum\PCI\VEN_1000&DEV_0001\a]
            [{root}\ControlSet002\Enum\PCI\VEN_1000&DEV_0002\b]
            """))).InstanceId);

    [Fact]
    public void Which_control_set_is_in_use_is_not_guessed() =>
        GuestExport.Refused("GuestMsiAmbiguousControlSet", () => GuestMsiReader.Read(GuestExport.Raw(
            """
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Enum\PCI\VEN_1000&DEV_0001\a]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Enum\PCI\VEN_1000&DEV_0002\b]
            """)));

    [Theory]
    [InlineData("")]
    [InlineData(@"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\USB\VID_0000\x]")]
    [InlineData(@"[HKEY_LOCAL_MACHINE\SOFTWARE\Enum\PCI\VEN_1000&DEV_0001\a]")]
    [InlineData(@"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI]")]
    public void An_export_without_pci_devices_is_refused(string text) =>
        GuestExport.Refused("GuestMsiNoPciDevices", () => GuestMsiReader.Read(GuestExport.Raw(text)));

    [Fact]
    public void Text_that_is_no_export_is_refused() => GuestExport.Refused("RegNotRecognized", () => GuestMsiReader.Read(RegDocument.Parse([])));

    private static GuestMsiSetting One(string instance = "", string msi = "") => Assert.Single(GuestMsiReader.Read(GuestExport.Parse(instance, msi)));
}
