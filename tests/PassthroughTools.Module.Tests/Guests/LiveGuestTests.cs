using PassthroughTools.Tests.Guests;

namespace PassthroughTools.Tests;

/// <summary>Running Windows guests as a user meets them: their settings read, changed and undone.</summary>
public sealed class LiveGuestTests : LiveGuestTestBase
{
    public LiveGuestTests(WineGuests wine, ModuleSession session)
        : base(wine, session)
    {
    }

    [Fact]
    public void Eight_ports_of_four_guests_are_set_verified_and_undone_through_Tools()
    {
        var guests = Guests("web01", "web02", "db'01; $(throw)", "db02\u202E");
        var before = guests.ToDictionary(pair => pair.Key, pair => pair.Value.Registry());
        _tools.Noise = "WARNUNG: Die Ausf\u00fchrung dauert l\u00e4nger.\r\n";
        _tools.Limit = 20000;

        var set = Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device 10df:f100 -MsiSupported $false -MessageNumberLimit 16 -JournalPath $args[0] -PassThru", _folder.Path).ThrowIfFailed();
        Assert.Equal(8, set.Output.Count);
        Assert.All(set.Output, setting => Assert.Equal((false, 16, true), ((bool)setting["MsiSupported"]!, (int)setting["MessageNumberLimit"]!, (bool)setting["RestartPending"]!)));
        Assert.Equal(guests.Keys.Order(), set.Output.Select(setting => (string)setting["VM"]!).Distinct().Order());

        var read = Run("Get-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device *VEN_10DF*").ThrowIfFailed();
        Assert.All(read.Output, setting => Assert.False((bool)setting["MsiSupported"]!));
        Assert.Contains(read.Output, setting => ((string)setting["InstanceId"]!).EndsWith(Hostile, StringComparison.Ordinal));
        Assert.All(guests, pair => Assert.NotEqual(before[pair.Key], pair.Value.Registry()));

        Assert.Equal([true], Run("Get-PassthruRemediation -JournalPath $args[0] | Test-GuestMsiSetting -GuestCredential $global:login -Quiet", _folder.Path).ThrowIfFailed().Output.Select(item => item.Value));
        guests["web01"].Run($@"[Microsoft.Win32.Registry]::SetValue('HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\{Hba}4&1&0&00B8\Device Parameters\Interrupt Management\MessageSignaledInterruptProperties', 'MSISupported', 1)");
        var drift = Run("Get-PassthruRemediation -JournalPath $args[0] | Test-GuestMsiSetting -GuestCredential $global:login | Where-Object { $_.Status -ne 'InPlace' }", _folder.Path).ThrowIfFailed();
        Assert.Equal(("Reset", "1", "0"), (drift.Single["Status"]!.ToString(), drift.Single["Actual"], drift.Single["Expected"]));

        Run("Get-PassthruRemediation -JournalPath $args[0] | Undo-PassthruRemediation -GuestCredential $global:login -Confirm:$false", _folder.Path).ThrowIfFailed();
        foreach (var (name, guest) in guests) Assert.Equal(before[name], guest.Registry());
    }

    [Fact]
    public void What_if_shows_the_change_and_sends_no_write()
    {
        var guest = Guests("web01").Single().Value;
        var before = guest.Registry();
        var result = Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device 10df:f100 -MsiSupported $false -JournalPath $args[0] -WhatIf -PassThru", _folder["journal"]).ThrowIfFailed();
        Assert.All(result.Output, setting => Assert.False((bool)setting["MsiSupported"]!));
        Assert.Equal(before, guest.Registry());
        Assert.Empty(_folder.Names());
    }

    [Theory]
    [InlineData("GuestConstrainedLanguage", "constrained", null, int.MaxValue, 0)]
    [InlineData("GuestExecutionPolicy", "full", "cannot be loaded ... about_Execution_Policies", int.MaxValue, 0)]
    [InlineData("GuestAnswerTruncated", "full", null, 120, 0)]
    [InlineData("GuestTimeout", "full", null, int.MaxValue, 3)]
    public void A_guest_that_does_not_answer_as_it_should_has_its_own_error_and_is_not_changed(string id, string mode, string? instead, int limit, int delay)
    {
        var guest = Guests("web01").Single().Value;
        var before = guest.Registry();
        (_tools.Mode, _tools.Instead, _tools.Limit, _tools.DelaySeconds) = (mode, instead, limit, delay);
        var result = Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -Device 10df:f100 -MsiSupported $false -JournalPath $args[0] -TimeoutSec $args[1]", _folder.Path, delay > 0 ? 1 : 60);
        Assert.Equal([id], result.ErrorIds);
        Assert.Equal(before, guest.Registry());
    }

    [Fact]
    public void Without_PowerCLI_the_missing_command_is_named()
    {
        using var session = new ModuleSession();
        var result = session.Run("Get-GuestMsiSetting -VM web01 -GuestCredential ([pscredential]::new('a', [System.Security.SecureString]::new()))");
        Assert.Equal(["GuestPowerCliMissing"], result.ErrorIds);
    }

    [Theory]
    [InlineData("InvalidGuestLogin", "GuestLoginFailed")]
    [InlineData("HostUnreachable", "GuestTransportFailed")]
    public void What_the_way_to_a_guest_reports_is_told_apart(string reported, string id)
    {
        using var session = new ModuleSession();
        session.Run(
            """
            $global:reported = $args[0]
            function global:Invoke-VMScript {
                [CmdletBinding(SupportsShouldProcess)]
                param([string] $ScriptText, $VM, [pscredential] $GuestCredential, [string] $ScriptType)
                $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new('No.'), $global:reported, 'NotSpecified', $VM))
            }
            """,
            reported).ThrowIfFailed();
        Assert.Equal([id], session.Run("Get-GuestMsiSetting -VM web01 -GuestCredential ([pscredential]::new('a', [System.Security.SecureString]::new()))").ErrorIds);
    }

    [Fact]
    public void A_guest_without_ports_is_not_logged_in()
    {
        Guests("web01").Single().Value.Run("function global:Get-WmiObject { }");
        var result = Run("Test-GuestFabricLogin -VM $global:vms -GuestCredential $global:login -Quiet");
        Assert.Equal(["GuestNoFabricPorts"], result.ErrorIds);
        Assert.Equal(false, result.Single.Value);
    }

    [Fact]
    public void Ports_are_read_by_the_classes_of_the_adapters_driver()
    {
        var guest = Guests("web01").Single().Value;
        guest.Run(
            """
            function global:Get-WmiObject($class, $namespace) {
                if ($class -ne 'MSFC_FibrePortHBAAttributes' -or $namespace -ne 'root\wmi') { return }
                foreach ($n in 1, 2) { [pscustomobject]@{ InstanceName = "PCI\$n"; Attributes = [pscustomobject]@{ PortWWN = [byte[]](16, 0, 0, 0, 201, 1, 2, $n); PortState = $(if ($n -eq 1) { 2 } else { 6 }); PortSpeed = 16; PortFcId = $(if ($n -eq 1) { 66048 } else { 0 }); PortType = 5 } } }
            }
            """);
        var ports = Run("Get-GuestFabricLogin -VM $global:vms -GuestCredential $global:login").ThrowIfFailed();
        Assert.Equal(["10:00:00:00:c9:01:02:01", "10:00:00:00:c9:01:02:02"], ports.Output.Select(port => port["PortWwn"]));
        Assert.Equal([true, false], ports.Output.Select(port => port["IsLoggedIn"]));
        Assert.Equal(false, Run("Test-GuestFabricLogin -VM $global:vms -GuestCredential $global:login -Quiet").ThrowIfFailed().Single.Value);
        Assert.Equal(true, Run("$before = Get-GuestFabricLogin -VM $global:vms -GuestCredential $global:login; Test-GuestFabricLogin -VM $global:vms -GuestCredential $global:login -Reference $before -Quiet").ThrowIfFailed().Single.Value);
    }

    [Theory]
    [InlineData("PCI\\OTHER", null)]
    [InlineData("PCI\\VEN_10DF&DEV_F100&SUBSYS_F10010DF&REV_03\\4&1&0&00B8", "GuestBootDisk")]
    [InlineData("", "GuestBootDisk")]
    public void A_storage_adapter_is_restarted_only_where_the_boot_disk_is_known_to_be_elsewhere(string owner, string? error)
    {
        var guest = Guests("web01").Single().Value;
        guest.Run($$"""
            $env:SystemDrive = 'C:'
            function global:pnputil.exe { $global:LASTEXITCODE = 0; $global:restarted = $args -join ' ' }
            function global:Get-WmiObject($class, $namespace) {
                $root = '\\WEB01\root\cimv2:'
                switch ($class) {
                    Win32_LogicalDiskToPartition { [pscustomobject]@{ Dependent = $root + 'Win32_LogicalDisk.DeviceID="C:"'; Antecedent = $root + 'Win32_DiskPartition.DeviceID="Disk #0, Partition #1"' } }
                    Win32_DiskPartition { [pscustomobject]@{ DeviceID = 'Disk #0, Partition #0'; BootPartition = $true } }
                    Win32_DiskDriveToDiskPartition { foreach ($n in 0, 1) { [pscustomobject]@{ Antecedent = $root + 'Win32_DiskDrive.DeviceID="\\\\.\\PHYSICALDRIVE0"'; Dependent = $root + "Win32_DiskPartition.DeviceID=`"Disk #0, Partition #$n`"" } } }
                    Win32_DiskDrive { [pscustomobject]@{ DeviceID = '\\.\PHYSICALDRIVE0'; PNPDeviceID = 'SCSI\DISK\1' } }
                    Win32_SCSIControllerDevice { if ('{{owner}}') { [pscustomobject]@{ Antecedent = $root + 'Win32_SCSIController.DeviceID="{{owner.Replace("\\", "\\\\")}}"'; Dependent = $root + 'Win32_PnPEntity.DeviceID="SCSI\\DISK\\1"' } } }
                }
            }
            """);
        var result = Run("Set-GuestMsiSetting -VM $global:vms -GuestCredential $global:login -InstanceId '*4&1&0&00B8' -MsiSupported $false -Restart Device -JournalPath $args[0] -PassThru", _folder.Path);
        Assert.Equal(error is null ? [] : [error], result.ErrorIds);
        Assert.Equal(error is not null, result.Single["RestartPending"]);
        Assert.Equal(error is null, guest.Run("$global:restarted").Contains("/restart-device", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_sets_its_own_devices_with_the_module_inside_the_guest()
    {
        var guest = Guests("web01").Single().Value;
        var before = guest.Registry();
        var manifest = "Z:" + Repository.Manifest.Replace('/', '\\');
        string Do(string script) => guest.Run($"Import-Module '{manifest}' -Global; {script}");
        Assert.Equal("True\nTrue", Do("Get-GuestMsiSetting -Local -Device *VEN_10DF* | ForEach-Object { $_.MsiSupported }"));
        Assert.Equal("False\nFalse", Do("Set-GuestMsiSetting -Local -Device 10df:f100 -MsiSupported $false -JournalPath C:\\journal -PassThru | ForEach-Object { $_.MsiSupported }"));
        Assert.Equal("", Do("Get-PassthruRemediation -JournalPath C:\\journal | Undo-PassthruRemediation -Confirm:$false"));
        Assert.Equal(before, guest.Registry());
    }
}
