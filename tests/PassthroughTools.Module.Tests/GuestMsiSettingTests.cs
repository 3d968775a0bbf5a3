namespace PassthroughTools.Tests;

/// <summary>Set-GuestMsiSetting as a user meets it.</summary>
public sealed class GuestMsiSettingTests : IClassFixture<ModuleSession>, IDisposable
{
    private const string Sample = "lpe12000-outage/vms/win01/guest-pci.reg";

    private readonly WorkFolder _folder = new();
    private readonly ModuleSession _session;
    private readonly string _export;

    public GuestMsiSettingTests(ModuleSession session)
    {
        _session = session;
        _export = _folder.CopySample(Sample, "guest-pci.reg");
    }

    public void Dispose() => _folder.Dispose();

    private string Fix => _folder["fix.reg"];

    private string Undo => _folder["fix.undo.reg"];

    [Fact]
    public void Every_port_of_an_adapter_ends_in_one_file_and_its_inverse_beside_it()
    {
        var before = File.ReadAllBytes(_export);
        Run("Set-GuestMsiSetting $args[0] -Device 10df:F100 -MsiSupported $false -Destination $args[1]").ThrowIfFailed();
        Assert.Equal(["fix.reg", "fix.undo.reg", "guest-pci.reg"], _folder.Names());
        Assert.Equal(before, File.ReadAllBytes(_export));
        Assert.Equal(2, Count(Fix, "\"MSISupported\"=dword:00000000"));
        Assert.Equal(2, Count(Undo, "\"MSISupported\"=dword:00000001"));
        Assert.Equal(2, Count(Fix, "VEN_10DF"));
    }

    [Fact]
    public void A_file_to_import_is_UTF_16_with_a_mark_and_numbers_in_hexadecimal()
    {
        Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MessageNumberLimit 16 -Destination $args[1]").ThrowIfFailed();
        Assert.Equal([0xFF, 0xFE], File.ReadAllBytes(Fix)[..2]);
        Assert.Equal(2, Count(Fix, "\"MessageNumberLimit\"=dword:00000010\r\n"));
        Assert.Equal(2, Count(Undo, "\"MessageNumberLimit\"=-\r\n"));
    }

    [Fact]
    public void A_key_that_an_import_creates_is_deleted_by_the_inverse()
    {
        Run("Set-GuestMsiSetting $args[0] -HardwareId 'PCI\\VEN_15AD&DEV_0405*' -MsiSupported $true -Destination $args[1]").ThrowIfFailed();
        Assert.Equal(1, Count(Undo, "[-HKEY_LOCAL_MACHINE\\"));
    }

    [Theory]
    [InlineData("-InstanceId 'PCI\\VEN_10DF*00B8'", 1)]
    [InlineData("-InstanceId 'pci\\ven_10df*', 'PCI\\VEN_15AD&DEV_07C0*'", 3)]
    [InlineData("-HardwareId '*VEN_10DF*'", 2)]
    [InlineData("-Device 10df:f100 -InstanceId '*00B8'", 1)]
    public void Devices_are_chosen_by_instance_hardware_and_vendor(string parameters, int count)
    {
        var result = Run($"Set-GuestMsiSetting $args[0] {parameters} -MessageNumberLimit 2 -Destination $args[1] -PassThru").ThrowIfFailed();
        Assert.Equal(count, result.Output.Count);
        Assert.Equal(count, Count(Fix, "\"MessageNumberLimit\"=dword:00000002"));
    }

    [Fact]
    public void Piped_devices_of_one_export_end_in_one_file()
    {
        var result = Run("Get-GuestMsiSetting $args[0] -Device *VEN_10DF* | Set-GuestMsiSetting -MsiSupported $false -Destination $args[1] -PassThru").ThrowIfFailed();
        Assert.Equal(2, result.Output.Count);
        Assert.Equal(2, Count(Fix, "\"MSISupported\"=dword:00000000"));
    }

    [Fact]
    public void A_VM_of_the_evidence_brings_its_export()
    {
        var result = Run("(Get-PassthruEvidence samples/lpe12000-outage).VMs[0] | Set-GuestMsiSetting -Device 10df:f100 -MsiSupported $false -Destination $args[1] -PassThru").ThrowIfFailed();
        Assert.Equal(2, result.Output.Count);
    }

    [Fact]
    public void PassThru_outputs_the_settings_as_an_import_leaves_them()
    {
        var result = Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -MessageNumberLimit 8 -Destination $args[1] -PassThru").ThrowIfFailed();
        Assert.All(result.Output, setting => Assert.Equal((false, 8), ((bool)setting["MsiSupported"]!, (int)setting["MessageNumberLimit"]!)));
        Assert.Equal("PassthroughTools.Registry.GuestMsiSetting", result.Output[0].TypeName);
    }

    [Fact]
    public void Values_are_removed()
    {
        var result = Run("Set-GuestMsiSetting $args[0] -InstanceId 'PCI\\VEN_15AD&DEV_07C0*' -RemoveMsiSupported -RemoveMessageNumberLimit -Destination $args[1] -PassThru").ThrowIfFailed();
        Assert.Equal((null, null), (result.Single["MsiSupported"], result.Single["MessageNumberLimit"]));
        Assert.Equal((1, 1), (Count(Fix, "\"MSISupported\"=-"), Count(Fix, "\"MessageNumberLimit\"=-")));
        Assert.Equal(1, Count(Undo, "\"MessageNumberLimit\"=dword:00000001"));
    }

    [Fact]
    public void Only_what_differs_is_written()
    {
        Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $true -MessageNumberLimit 4 -Destination $args[1]").ThrowIfFailed();
        Assert.Equal((0, 2), (Count(Fix, "MSISupported"), Count(Fix, "MessageNumberLimit")));
    }

    [Fact]
    public void Where_nothing_differs_there_is_a_warning_and_no_file()
    {
        var before = _folder.Fingerprint();
        var result = Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $true -Destination $args[1] -PassThru").ThrowIfFailed();
        Assert.Single(result.Warnings);
        Assert.Equal(2, result.Output.Count);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void WhatIf_writes_nothing_and_outputs_nothing()
    {
        _folder.MakeReadOnly();
        var before = _folder.Fingerprint();
        Assert.Empty(Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1] -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void WhatIf_with_PassThru_outputs_the_projection()
    {
        _folder.MakeReadOnly();
        var before = _folder.Fingerprint();
        var result = Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1] -WhatIf -PassThru").ThrowIfFailed();
        Assert.Equal([false, false], result.Output.Select(setting => (bool)setting["MsiSupported"]!));
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void WhatIf_says_each_value_with_its_old_and_new_content()
    {
        var text = _session.Render("Set-GuestMsiSetting $args[0] -InstanceId *VEN_10DF*00B8 -MsiSupported $false -MessageNumberLimit 16 -Destination $args[1] -WhatIf", 300, _export, Fix);
        Assert.Contains("\"MSISupported: 1 -> 0\" on target \"", text, StringComparison.Ordinal);
        Assert.Contains("\"MessageNumberLimit: (absent) -> 16\" on target \"", text, StringComparison.Ordinal);
        Assert.Contains("PCI\\VEN_10DF&DEV_F100", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_declined_is_neither_in_the_file_nor_in_the_output()
    {
        foreach (var choice in new[] { 2, 0, 2, 2 }) _session.Choices.Enqueue(choice); // of the first device the limit, of the second nothing
        var result = Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -MessageNumberLimit 16 -Destination $args[1] -Confirm -PassThru").ThrowIfFailed();
        Assert.Equal((true, 16), ((bool)result.Single["MsiSupported"]!, (int)result.Single["MessageNumberLimit"]!));
        Assert.Equal((0, 1), (Count(Fix, "MSISupported"), Count(Fix, "MessageNumberLimit")));
    }

    [Fact]
    public void Where_all_is_declined_there_is_no_file()
    {
        foreach (var _ in new[] { 0, 1 }) _session.Choices.Enqueue(2);
        var before = _folder.Fingerprint();
        Assert.Empty(Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1] -Confirm -PassThru").ThrowIfFailed().Output);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Theory]
    [InlineData("fix.reg")]
    [InlineData("fix.undo.reg")]
    public void A_file_that_is_there_is_overwritten_with_Force_only(string existing)
    {
        _folder.Write(existing, "old");
        var before = _folder.Fingerprint();
        Refuses("FileExists", "Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1]");
        Refuses("FileExists", "Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1] -WhatIf");
        Assert.Equal(before, _folder.Fingerprint());
        Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1] -Force").ThrowIfFailed();
        Assert.Equal((2, 2), (Count(Fix, "MSISupported"), Count(Undo, "MSISupported")));
    }

    [Theory]
    [InlineData("InputNotFound", "Set-GuestMsiSetting none.reg -Device 10df:f100 -MsiSupported $false -Destination $args[1]")]
    [InlineData("InputNotFound", "Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination /none/fix.reg")]
    [InlineData("RegDestinationIsExport", "Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[0] -Force")]
    [InlineData("GuestMsiDeviceRequired", "Set-GuestMsiSetting $args[0] -MsiSupported $false -Destination $args[1]")]
    [InlineData("GuestMsiDeviceInvalid", "Set-GuestMsiSetting $args[0] -Device 10df-f100 -MsiSupported $false -Destination $args[1]")]
    [InlineData("GuestMsiInstanceNotFound", "Set-GuestMsiSetting $args[0] -Device 10df:e200 -MsiSupported $false -Destination $args[1]")]
    [InlineData("GuestMsiInstanceNotFound", "Set-GuestMsiSetting $args[0] -InstanceId 'PCI\\VEN_10DF&DEV_F100\\none' -MsiSupported $false -Destination $args[1]")]
    [InlineData("GuestMsiNotPciInstance", "Set-GuestMsiSetting $args[0] -InstanceId 'USB\\VID_10DF\\1' -MsiSupported $false -Destination $args[1]")]
    [InlineData("GuestMsiInvalidChange", "Set-GuestMsiSetting $args[0] -Device 10df:f100 -Destination $args[1]")]
    [InlineData("GuestMsiInvalidChange", "Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -RemoveMsiSupported -Destination $args[1]")]
    [InlineData("GuestMsiInvalidLimit", "Set-GuestMsiSetting $args[0] -InstanceId *VEN_10DF*00B8 -MessageNumberLimit 0 -Destination $args[1]")]
    public void What_makes_no_sense_is_refused_and_nothing_is_written(string error, string script)
    {
        var before = _folder.Fingerprint();
        Refuses(error, script);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void A_file_that_is_no_export_is_refused()
    {
        _folder.Write("guest-pci.reg", "nothing of the kind");
        Refuses("RegNotRecognized", "Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1]");
    }

    [Fact]
    public void Devices_of_two_guests_are_not_put_into_one_file()
    {
        _folder.CopySample("lpe12000-outage/vms/win02/guest-pci.reg", "other.reg");
        var before = _folder.Fingerprint();
        var result = _session.Run("Set-GuestMsiSetting $args[0], $args[2] -Device 10df:f100 -MsiSupported $false -Destination $args[1]", _export, Fix, _folder["other.reg"]);
        Assert.Equal(["GuestMsiSeveralExports"], result.ErrorIds);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void One_device_that_is_not_there_does_not_stop_the_others()
    {
        var result = Run("Set-GuestMsiSetting $args[0] -InstanceId 'PCI\\VEN_10DF&DEV_F100\\none', *VEN_10DF*00B8 -MsiSupported $false -Destination $args[1] -PassThru");
        Assert.Equal(["GuestMsiInstanceNotFound"], result.ErrorIds);
        Assert.Single(result.Output);
        Assert.Equal(1, Count(Fix, "\"MSISupported\"=dword:00000000"));
    }

    [Fact]
    public void A_limit_whose_kind_of_interrupt_is_not_known_comes_with_a_warning() =>
        Assert.NotEmpty(Run("Set-GuestMsiSetting $args[0] -InstanceId *VEN_10DF*00B8 -MessageNumberLimit 5 -Destination $args[1]").ThrowIfFailed().Warnings);

    [Fact]
    public void Permissions_of_a_file_that_is_replaced_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
#pragma warning disable CA1416 // skipped on Windows
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(_folder.Write("fix.reg", "old"), Mode);
        Run("Set-GuestMsiSetting $args[0] -Device 10df:f100 -MsiSupported $false -Destination $args[1] -Force").ThrowIfFailed();
        Assert.Equal(Mode, File.GetUnixFileMode(Fix));
#pragma warning restore CA1416
    }

    private static int Count(string file, string text) => File.ReadAllText(file).Split(text).Length - 1;

    private ModuleResult Run(string script) => _session.Run(script, _export, Fix);

    private void Refuses(string error, string script)
    {
        var result = Run(script);
        Assert.Equal([error], result.ErrorIds);
        Assert.Empty(result.Output);
    }
}
