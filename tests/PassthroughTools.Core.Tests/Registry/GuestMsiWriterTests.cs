using System.Text;
using PassthroughTools.Registry;

namespace PassthroughTools.Tests.Registry;

public sealed class GuestMsiWriterTests
{
    private const string Properties = GuestExport.Key + @"\Properties\{3ab22e31-8264-4b4e-9af5-a8d2d8e33e62}\";
    private const string MsiOnly = "[" + Properties + "000E]\n@=hex(ffff0007):03,00,00,00\n";
    private const string LineOnly = "[" + Properties + "000E]\n@=hex(ffff0007):01,00,00,00\n";
    private const string MsiX = "[" + Properties + "000E]\n@=hex(ffff0007):05,00,00,00\n";
    private const string Table32 = "[" + Properties + "000F]\n@=hex(ffff0007):20,00,00,00\n";

    [Fact]
    public void A_change_and_its_inverse_hold_only_what_differs()
    {
        var export = GuestExport.Parse(msi: "\"MSISupported\"=dword:00000001");
        var set = GuestMsiWriter.BuildChange(export, [Change(supported: true, limit: 16)]);
        Assert.Equal(Script($"[{GuestExport.MsiKey}]\n\"MessageNumberLimit\"=dword:00000010\n\n"), set.Change.ToBytes());
        Assert.Equal(Script($"[{GuestExport.MsiKey}]\n\"MessageNumberLimit\"=-\n\n"), set.Inverse.ToBytes());
        var step = Assert.Single(set.Steps);
        Assert.Equal(("MessageNumberLimit", null, RegData.Dword(16)), (step.Name, step.OldValue, step.NewValue));
    }

    [Fact]
    public void Keys_that_were_absent_are_deleted_again()
    {
        var set = GuestMsiWriter.BuildChange(GuestExport.Parse(), [Change(supported: false)]);
        Assert.Equal(Script($"[{GuestExport.MsiKey}]\n\"MSISupported\"=dword:00000000\n\n"), set.Change.ToBytes());
        Assert.Equal(Script($"[-{GuestExport.Key}\\Device Parameters\\Interrupt Management]\n\n"), set.Inverse.ToBytes());
    }

    [Fact]
    public void A_prior_value_of_an_odd_type_is_restored_with_its_type()
    {
        var set = GuestMsiWriter.BuildChange(GuestExport.Parse(msi: "\"MSISupported\"=\"1\""), [Change(supported: true)]);
        Assert.Equal(Script($"[{GuestExport.MsiKey}]\n\"MSISupported\"=dword:00000001\n\n"), set.Change.ToBytes());
        Assert.Equal(Script($"[{GuestExport.MsiKey}]\n\"MSISupported\"=\"1\"\n\n"), set.Inverse.ToBytes());
    }

    [Fact]
    public void Values_can_be_removed()
    {
        var set = GuestMsiWriter.BuildChange(
            GuestExport.Parse(msi: "\"MessageNumberLimit\"=dword:00000004"), [Change() with { RemoveMessageNumberLimit = true, RemoveMsiSupported = true }]);
        Assert.Equal(Script($"[{GuestExport.MsiKey}]\n\"MessageNumberLimit\"=-\n\n"), set.Change.ToBytes());
        Assert.Equal(Script($"[{GuestExport.MsiKey}]\n\"MessageNumberLimit\"=dword:00000004\n\n"), set.Inverse.ToBytes());
    }

    [Fact]
    public void A_guest_that_is_as_asked_for_gets_no_change() =>
        Assert.Empty(GuestMsiWriter.BuildChange(GuestExport.Parse(msi: "\"MSISupported\"=dword:00000000"), [Change(supported: false)]).Steps);

    [Fact]
    public void The_value_named_MSIEnabled_is_never_written()
    {
        var set = GuestMsiWriter.BuildChange(GuestExport.Parse(msi: "\"MSIEnabled\"=dword:00000001"), [Change(supported: false)]);
        Assert.DoesNotContain("MSIEnabled", Encoding.Unicode.GetString(set.Change.ToBytes()) + Encoding.Unicode.GetString(set.Inverse.ToBytes()));
    }

    [Fact]
    public void An_applied_change_reads_back_and_its_inverse_gives_the_same_bytes()
    {
        var export = GuestExport.Parse();
        var bytes = export.ToBytes();
        var set = GuestMsiWriter.BuildChange(export, [Change(supported: true, limit: 8)]);
        export.Apply(set.Change);
        var later = RegDocument.Parse(export.ToBytes());
        Assert.Equal(8, Assert.Single(GuestMsiReader.Read(later)).MessageNumberLimit);
        later.Apply(set.Inverse);
        Assert.Equal(bytes, later.ToBytes());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("", 2048)]
    [InlineData(MsiOnly, 16)]
    [InlineData(MsiX, 5)]
    public void A_documented_limit_is_accepted(string more, int limit) =>
        Assert.Single(GuestMsiWriter.BuildChange(GuestExport.Parse(more: more), [Change(limit: limit)]).Steps);

    [Theory]
    [InlineData("", 0)]
    [InlineData("", -1)]
    [InlineData("", 2049)]
    [InlineData(MsiOnly, 5)]
    [InlineData(MsiOnly, 32)]
    [InlineData(LineOnly, 1)]
    public void A_limit_that_makes_no_sense_is_refused(string more, int limit) =>
        GuestExport.Refused("GuestMsiInvalidLimit", () => GuestMsiWriter.BuildChange(GuestExport.Parse(more: more), [Change(limit: limit)]));

    [Theory]
    [InlineData("", 5)] // valid for MSI-X only, and it is not known whether the device has it
    [InlineData(MsiX + Table32, 32)] // limits nothing
    public void A_limit_that_may_be_idle_is_warned_of(string more, int limit) =>
        Assert.Single(GuestMsiWriter.BuildChange(GuestExport.Parse(more: more), [Change(limit: limit)]).Warnings);

    [Theory]
    [InlineData(@"USB\VID_0000&PID_0000\1")]
    [InlineData(@"PCI\VEN_10DF&DEV_F100")]
    [InlineData(@"PCI\VEN_10DF&DEV_F100\..\..\x")]
    [InlineData(@"PCI\VEN_10DF&DEV_F100\..")]
    [InlineData("PCI\\VEN_10DF&DEV_F100\\a]\r\n[-HKEY_LOCAL_MACHINE\\SYSTEM")]
    [InlineData(@"PCI\VEN_10DF&DEV_F100\a\Device Parameters")]
    [InlineData("")]
    public void Nothing_outside_a_pci_devices_key_is_changed(string instanceId) =>
        GuestExport.Refused("GuestMsiNotPciInstance", () => GuestMsiWriter.BuildChange(GuestExport.Parse(), [Change(supported: false) with { InstanceId = instanceId }]));

    [Fact]
    public void A_device_that_is_not_in_the_export_is_refused() =>
        GuestExport.Refused(
            "GuestMsiInstanceNotFound",
            () => GuestMsiWriter.BuildChange(GuestExport.Parse(), [Change(supported: false) with { InstanceId = @"PCI\VEN_10DF&DEV_F100\other" }]));

    [Fact]
    public void A_change_of_nothing_is_refused() => GuestExport.Refused("GuestMsiInvalidChange", () => GuestMsiWriter.BuildChange(GuestExport.Parse(), [Change()]));

    [Fact]
    public void A_value_both_set_and_removed_is_refused() =>
        GuestExport.Refused(
            "GuestMsiInvalidChange",
            () => GuestMsiWriter.BuildChange(GuestExport.Parse(), [Change(supported: false) with { RemoveMsiSupported = true }]));

    [Fact]
    public void A_device_given_twice_is_refused() =>
        GuestExport.Refused(
            "GuestMsiInvalidChange",
            () => GuestMsiWriter.BuildChange(GuestExport.Parse(), [Change(supported: false), Change(limit: 1)]));

    [Fact]
    public void A_value_that_stands_there_twice_is_not_changed() =>
        GuestExport.Refused(
            "RegDuplicateValue",
            () => GuestMsiWriter.BuildChange(
                GuestExport.Parse(msi: "\"MSISupported\"=dword:00000001\n\"MSISupported\"=dword:00000001"), [Change(supported: false)]));

    private static GuestMsiChange Change(bool? supported = null, int? limit = null) =>
        new() { InstanceId = GuestExport.InstanceId, MsiSupported = supported, MessageNumberLimit = limit };

    private static byte[] Script(string text) =>
        [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(("Windows Registry Editor Version 5.00\n\n" + text).ReplaceLineEndings("\r\n"))];
}
