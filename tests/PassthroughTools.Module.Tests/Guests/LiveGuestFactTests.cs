using PassthroughTools.Tests.Guests;
using VMware.Vim;

namespace PassthroughTools.Tests;

/// <summary>What a running guest tells of its devices besides their settings.</summary>
public sealed class LiveGuestFactTests : LiveGuestTestBase
{
    public LiveGuestFactTests(WineGuests wine, ModuleSession session)
        : base(wine, session)
    {
    }

    private const string Second = "4&2&0&00C0";

    /// <summary>Windows' own answers: devices of Plug and Play with their codes, the start of the guest, the properties of devices.</summary>
    private const string Windows = """
        $global:boot = [DateTime]::Now.AddDays(-1)
        $global:devices = @()
        $global:places = @{}
        function global:Get-WmiObject($class, $namespace) {
            switch ($class) {
                Win32_PnPEntity { $global:devices }
                Win32_OperatingSystem { [pscustomobject]@{ LastBootUpTime = $global:boot } }
            }
        }
        function global:Get-PnpDeviceProperty($InstanceId, $KeyName) {
            if ($KeyName -eq 'DEVPKEY_Device_IsRebootRequired') { throw 'This release does not know it.' }
            if ($KeyName -eq 'DEVPKEY_Device_LocationPaths' -and $global:places[$InstanceId]) { [pscustomobject]@{ Data = [string[]]($global:places[$InstanceId], 'ACPI(_SB_)#ACPI(PCI0)') } }
        }
        """;

    private static string Entity(string instance, int code = 0, string present = "$true") =>
        $"[pscustomobject]@{{ DeviceID = 'pci\\{Hba}{instance}'; ConfigManagerErrorCode = {code}; Present = {present} }}";

    [Fact]
    public void Each_port_of_a_running_guest_is_named_by_its_entry_in_the_VMs_configuration()
    {
        var guest = Guests("web01").Single().Value;
        guest.Run(Windows + $@"
            $global:devices = {Entity("4&1&0&00B8")}, {Entity(Second)}, [pscustomobject]@{{ DeviceID = 'PCI\{Odd}'; ConfigManagerErrorCode = 0 }}
            $global:places['PCI\{Hba}4&1&0&00B8'] = 'PCIROOT(0)#PCI(1700)#PCI(0000)'
            $global:places['PCI\{Hba}{Second}'] = 'PCIROOT(0)#PCI(1601)#PCI(0000)'");
        static OptionValue Option(string key, string value) => new() { Key = key, Value = value };
        static VirtualPCIPassthrough Port(int key, string id, int place) => new()
        {
            Key = key, SlotInfo = new VirtualDevicePciBusSlotInfo { PciSlotNumber = place }, Backing = new VirtualPCIPassthroughDeviceBackingInfo { Id = id, DeviceId = "f100", VendorId = 0x10df },
        };
        var view = new VirtualMachine
        {
            Config = new VirtualMachineConfigInfo
            {
                Version = "vmx-15",
                Hardware = new VirtualHardware { Device = [Port(13000, "0000:08:00.0", 1216), Port(13001, "0000:08:00.1", 224)] },
                ExtraConfig = [Option("pciPassthru0.pciSlotNumber", "1216"), Option("pciPassthru1.pciSlotNumber", "224"), Option("pciBridge5.pciSlotNumber", "22"), Option("pciBridge6.pciSlotNumber", "23")],
            },
        };
        var found = Run(
            """
            $vm = @($global:vms)[0]
            $vm.PSObject.Properties.Add([psnoteproperty]::new('ExtensionData', $args[0]))
            Get-GuestMsiSetting -VM $vm -GuestCredential $global:login -Device *VEN_10DF*, *VEN_1AF4*
            """,
            view).ThrowIfFailed();
        Assert.Equal([1, 0, null], found.Output.Select(setting => setting["Slot"]));
        Assert.Equal(["17.0/00.0", "16.1/00.0", null], found.Output.Select(setting => setting["BusPath"]));
        Assert.Equal("no slot of the VM names this device", found.Output[2]["SlotNote"]);
        Assert.All(Run("Get-GuestMsiSetting -VM web01 -GuestCredential $global:login").Output, setting => Assert.Null(setting["Slot"]));
    }

    [Theory]
    [InlineData("$true", 0, true)]
    [InlineData("$true", 22, true)]
    [InlineData("$false", 0, false)]
    [InlineData("$null", 45, false)]
    public void A_device_that_is_gone_but_still_listed_is_not_taken_for_one_that_is_there(string present, int code, bool isPresent)
    {
        var guest = Guests("web01").Single().Value;
        guest.Run(Windows + $"$global:devices = {Entity("4&1&0&00B8", code, present)}, {Entity("4&99")}");
        var found = Run("Get-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device *VEN_10DF*").ThrowIfFailed();
        Assert.Equal([isPresent, false], found.Output.Select(setting => setting["IsPresent"]));
    }

    [Fact]
    public void What_an_earlier_adapter_left_is_changed_only_where_it_is_named()
    {
        var guest = Guests("web01").Single().Value;
        guest.Run(Windows + $"$global:devices = {Entity("4&1&0&00B8")}, {Entity(Second, 45)}");
        const string Set = "Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -MsiSupported $false -JournalPath $args[0] -WhatIf -PassThru ";
        Assert.Equal([@"PCI\" + Hba + "4&1&0&00B8"], Run(Set + "-Device 10df:f100", _folder.Path).ThrowIfFailed().Output.Select(setting => setting["InstanceId"]));
        Assert.Single(Run(Set + "-InstanceId $args[1]", _folder.Path, @"PCI\" + Hba + Second).ThrowIfFailed().Output);
    }

    [Fact]
    public void A_change_is_pending_until_the_guest_started_after_it()
    {
        var guest = Guests("web01").Single().Value;
        guest.Run(Windows + $"$global:devices = {Entity("4&1&0&00B8")}, {Entity(Second, 14)}");
        Assert.Equal([null, true], Pending());
        guest.Run("$global:boot = [DateTime]::Now.AddMinutes(5)");
        Assert.Equal([false, true], Pending());
        Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -InstanceId *00B8 -MsiSupported $false -JournalPath $args[0]", _folder.Path).ThrowIfFailed();
        guest.Run("$global:boot = [DateTime]::Now.AddMinutes(-5)");
        Assert.Equal([null, true], Pending());
        Assert.All(Run("Get-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device *00B8").Output, setting => Assert.InRange((DateTimeOffset)setting["SettingsWritten"]!, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddMinutes(1)));

        object?[] Pending() => [.. Run("Get-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device *VEN_10DF*").ThrowIfFailed().Output.Select(setting => setting["RestartPending"])];
    }

    [Theory]
    [InlineData("ClassGUID", "SCSIAdapter", "GuestBootDisk")]
    [InlineData("ClassGUID", "HDC", "GuestBootDisk")]
    [InlineData("ClassGUID", "Net", null)]
    [InlineData("Other", "Net", "GuestBootDisk")]
    public void A_storage_adapter_is_known_by_its_class_identifier_too_and_what_has_no_class_may_be_one(string name, string kind, string? error)
    {
        var guest = Guests("web01").Single().Value;
        guest.Run($$"""
            $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Enum\PCI\{{Hba}}4&1&0&00B8', $true)
            $key.DeleteValue('Class')
            $key.SetValue('{{name}}', '{0}')
            [Microsoft.Win32.Registry]::LocalMachine.CreateSubKey('SYSTEM\CurrentControlSet\Control\Class\{0}').SetValue('Class', '{{kind}}')
            function global:pnputil.exe { $global:LASTEXITCODE = 0 }
            function global:Get-WmiObject { }
            """.Replace("{0}", "{01234567-89ab-cdef-0123-456789abcdef}", StringComparison.Ordinal));
        var result = Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -InstanceId '*4&1&0&00B8' -MsiSupported $false -Restart Device -JournalPath $args[0] -PassThru", _folder.Path);
        Assert.Equal(error is null ? [] : [error], result.ErrorIds);
        Assert.Equal((name == "Other" ? null : kind, error is not null), (result.Single["Class"], (bool)result.Single["RestartPending"]!));
    }

    [Theory]
    [InlineData(Msi, "MSISupported MessageNumberLimit")]
    [InlineData("", "MSISupported MessageNumberLimit DevicePriority DevicePolicy")]
    public void What_the_account_may_not_read_is_not_taken_for_absent_and_hides_no_other_device(string below, string unreadable)
    {
        var guest = Guests("web01").Single().Value;
        guest.Run($$"""
            $right = [System.Security.AccessControl.RegistryRights]'ChangePermissions'
            $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Enum\PCI\{{Hba + Second + below}}', [Microsoft.Win32.RegistryKeyPermissionCheck]::ReadWriteSubTree, $right)
            $list = [System.Security.AccessControl.RegistrySecurity]::new()
            $list.AddAccessRule([System.Security.AccessControl.RegistryAccessRule]::new([System.Security.Principal.SecurityIdentifier]::new('S-1-1-0'), 'FullControl', 'Deny'))
            $key.SetAccessControl($list)
            """);
        var found = Run("Get-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device *VEN_10DF*").ThrowIfFailed();
        Assert.Equal(["", unreadable], found.Output.Select(setting => string.Join(' ', (IEnumerable<string>)setting["Unreadable"]!)));
        Assert.Equal([true, null], found.Output.Select(setting => setting["MsiSupported"]));
        Assert.Equal(["GuestNotElevated"], Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -InstanceId '*&00C0' -MsiSupported $false -JournalPath $args[0]", _folder.Path).ErrorIds);
    }

    [Fact]
    public void A_device_is_chosen_whatever_the_case_of_its_name()
    {
        var guest = Guests("web01").Single().Value;
        var instance = (@"PCI\" + Hba + "4&1&0&00B8").ToLowerInvariant();
        Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -InstanceId $args[1] -MsiSupported $false -JournalPath $args[0]", _folder.Path, instance).ThrowIfFailed();
        Assert.Contains(guest.Registry(), line => line == "\"MSISupported\"=dword:00000000");
    }
}
