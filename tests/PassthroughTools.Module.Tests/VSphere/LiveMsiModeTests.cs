using System.Management.Automation;
using System.Security;

namespace PassthroughTools.Tests.VSphere;

/// <summary>Get- and Set-VMPassthruMsiMode on VMs of a vSphere server, through our own client.</summary>
[Collection("vSphere connections")]
public sealed class LiveMsiModeTests : IClassFixture<ModuleSession>, IDisposable
{
    private const string Ignore = " -WarningAction Ignore";
    private static readonly string[] Writing = ["ReconfigVM_Task", "ShutdownGuest", "PowerOnVM_Task", "PowerOffVM_Task"];
    private readonly ModuleSession _session;
    private readonly VSphereServer _server = VSphereServer.Start(new VSphereServerOptions { Inventory = VSphereServerBuild.DefaultInventory, TaskTime = TimeSpan.FromMilliseconds(20), ShutdownTime = TimeSpan.FromMilliseconds(60) });

    public LiveMsiModeTests(ModuleSession session)
    {
        _session = session;
        Connect(_server);
    }

    public void Dispose()
    {
        _session.Run("Disconnect-PassthruVIServer *");
        _server.Dispose();
    }

    private IReadOnlyList<string> Changes => [.. _server.Requests().Sequence.Where(Writing.Contains)];

    [Fact]
    public void The_entries_of_a_VM_are_read_by_its_name()
    {
        var entries = _session.Run("Get-VMPassthruMsiMode san01" + Ignore).ThrowIfFailed().Output;
        Assert.Equal(["0 0000:c8:00.0 IoApic", "1 0000:c8:00.1 Default"], entries.Select(entry => $"{entry["Slot"]} {entry["Device"]} {entry.Get<string>("Mode")}"));
        Assert.All(entries, entry => Assert.StartsWith($"vsphere://{_server.Server}/VirtualMachine-", entry["Vim"]!.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'san01'")]
    [InlineData("'SAN*'")]
    [InlineData("Get-VMPassthruMsiMode san01 -Server 127*")]
    [InlineData("(Get-PassthruEvidence esx02.example.com).VMs | Where-Object Name -eq 'san01'")]
    [InlineData("(Get-VMPassthruMsiMode san01).Vim")]
    [InlineData("(Get-VMPassthruMsiMode san01)[0].Vim.ToString()")]
    public void A_VM_is_whatever_names_it_at_its_server(string source) =>
        Assert.Equal([0, 1], _session.Run($"$WarningPreference = 'Ignore'; {source} | Get-VMPassthruMsiMode").ThrowIfFailed().Output.Select(entry => (int)entry["Slot"]!));

    [Theory]
    [InlineData("Get-VMPassthruMsiMode san01", 1)]
    [InlineData("Get-VMPassthruMsiMode san01", 2)]
    [InlineData("(Get-PassthruEvidence esx02.example.com).VMs | Where-Object Name -eq 'san01'", 1)]
    [InlineData("(Get-PassthruEvidence esx02.example.com).VMs | Where-Object Name -eq 'san01'", 2)]
    public void A_record_that_came_back_from_remoting_binds_again(string source, int depth)
    {
        var records = _session.Run($"$WarningPreference = 'Ignore'; {source}").ThrowIfFailed().Output;
        var back = records.Select(each => PSSerializer.Deserialize(PSSerializer.Serialize(each.Value, depth))).ToArray();
        Assert.Equal([0, 1], _session.Run("$args[0] | Get-VMPassthruMsiMode" + Ignore, [back]).ThrowIfFailed().Output.Select(entry => (int)entry["Slot"]!));
    }

    [Fact]
    public void A_record_brings_its_own_entry()
    {
        var entry = _session.Run("(Get-VMPassthruMsiMode san01 -WarningAction Ignore)[1] | Get-VMPassthruMsiMode" + Ignore).ThrowIfFailed().Single;
        Assert.Equal(1, entry["Slot"]);
    }

    [Fact]
    public void Forty_VMs_cost_as_many_requests_as_two()
    {
        using var large = VSphereServer.Start(new VSphereServerOptions { Hosts = 4, VMs = 80 });
        Connect(large);
        int Cost(string pattern, int atLeast)
        {
            large.ResetRequests();
            Assert.InRange(_session.Run($"Get-VMPassthruMsiMode {pattern} -Server $args[0]" + Ignore, large.Server).ThrowIfFailed().Output.Count, atLeast, 100);
            return large.Requests().Total;
        }

        var one = _session.Run("(Get-PassthruEvidence esx* -Server $args[0] -WarningAction Ignore).VMs | Where-Object { $_.Slots } | ForEach-Object Name", large.Server).ThrowIfFailed().Output[0].ToString();
        Assert.Equal(Cost(one!, 1), Cost("*", 3));
    }

    [Fact]
    public void One_bad_VM_is_one_error_and_the_others_come_through()
    {
        var db01 = _session.Run("(Get-VMPassthruMsiMode db01 -WarningAction Ignore)[0].Vim").ThrowIfFailed().Single.Value;
        _server.Deny("db01");
        var result = _session.Run("$args[0], 'nobody', 42, 'san01', 'tmpl-*', 'web01' | Get-VMPassthruMsiMode" + Ignore, db01);
        Assert.Equal(["VMNotRecognized", "VSphereObjectNotFound", "VSpherePermissionDenied"], result.ErrorIds.Order());
        Assert.Equal(["san01", "san01"], result.Output.Select(entry => entry["VM"]));
    }

    [Fact]
    public void A_host_does_not_stand_for_its_VMs() =>
        Assert.Equal(["VMNotRecognized"], _session.Run("(Get-PassthruEvidence esx02.example.com).Vim | Set-VMPassthruMsiMode -Mode Msi" + Ignore).ErrorIds);

    [Fact]
    public void A_VM_that_is_off_is_changed_in_one_reconfiguration_and_back_to_absent()
    {
        Off("san01");
        var entries = _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi -PassThru" + Ignore).ThrowIfFailed().Output;
        Assert.Equal(["Msi", "Msi"], entries.Select(entry => entry.Get<string>("Mode")));
        Assert.Equal(["ReconfigVM_Task"], Changes);
        Assert.Equal(("TRUE", "TRUE"), (Setting("san01", 0), Setting("san01", 1)));

        _session.Run("Get-VMPassthruMsiMode san01 | Set-VMPassthruMsiMode -Mode Default" + Ignore).ThrowIfFailed();
        Assert.DoesNotContain(_server.VM("san01").ExtraConfig!.Keys, key => key.EndsWith("msiEnabled", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_VM_that_is_on_is_refused_and_the_error_names_the_switch()
    {
        var result = _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi");
        Assert.Equal(["VMIsPoweredOn"], result.ErrorIds);
        Assert.Contains("-Restart", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Changes);
    }

    [Fact]
    public void With_Restart_it_is_shut_down_changed_and_started()
    {
        _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi -Restart").ThrowIfFailed();
        Assert.Equal(["ShutdownGuest", "ReconfigVM_Task", "PowerOnVM_Task"], Changes);
        Assert.Equal(("TRUE", "poweredOn"), (Setting("san01", 0), _server.VM("san01").PowerState));
    }

    [Fact]
    public void A_VM_that_is_as_it_should_be_is_not_disturbed()
    {
        _session.Run("Set-VMPassthruMsiMode san01 -Slot 0 -Mode IoApic -Restart").ThrowIfFailed();
        Assert.Empty(Changes);
    }

    [Fact]
    public void WhatIf_changes_nothing_and_shows_what_would_be()
    {
        var result = _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi -Restart -WhatIf -PassThru").ThrowIfFailed();
        Assert.Equal(["Msi", "Msi"], result.Output.Select(entry => entry.Get<string>("Mode")));
        Assert.Empty(Changes);
        Assert.Equal("FALSE", Setting("san01", 0));
    }

    [Fact]
    public void An_entry_that_is_refused_when_asked_stays_as_it_is()
    {
        Off("san01");
        _session.Choices.Enqueue(2); // no
        _session.Choices.Enqueue(0); // yes
        var entry = _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi -PassThru -Confirm").ThrowIfFailed().Single;
        Assert.Equal(1, entry["Slot"]);
        Assert.Equal(("FALSE", "TRUE"), (Setting("san01", 0), Setting("san01", 1)));
    }

    [Fact]
    public void A_change_by_someone_else_meanwhile_is_refused_and_kept()
    {
        Off("san01");
        _server.EditConcurrently("san01");
        Assert.Equal(["VSphereConcurrentEdit"], _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi").ErrorIds);
        Assert.Equal("FALSE", Setting("san01", 0));
    }

    [Fact]
    public void A_change_by_someone_else_while_the_guest_goes_down_is_refused_and_the_VM_started()
    {
        _server.EditConcurrently("san01");
        Assert.Equal(["VSphereConcurrentEdit"], _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi -Restart").ErrorIds);
        Assert.Equal(("FALSE", "poweredOn"), (Setting("san01", 0), _server.VM("san01").PowerState));
    }

    [Fact]
    public void A_server_that_keeps_a_key_that_was_to_go_is_reported()
    {
        using var quirky = VSphereServer.Start(new VSphereServerOptions { Quirks = true, TaskTime = TimeSpan.FromMilliseconds(20) });
        Connect(quirky);
        quirky.Change(new VSphereVMState { Object = "san01", PowerState = "poweredOff" });
        Assert.Equal(["SettingNotVerified"], _session.Run("Set-VMPassthruMsiMode san01 -Slot 0 -Mode Default -Server $args[0]" + Ignore, quirky.Server).ErrorIds);
    }

    [Fact]
    public void A_VM_that_does_not_come_back_keeps_the_next_from_being_taken_down()
    {
        _server.Change(new VSphereVMState { Object = "db01", FailsToPowerOn = "Out of interrupt vectors." });
        var result = _session.Run("'db01', 'san01' | Set-VMPassthruMsiMode -Mode Msi -Restart" + Ignore);
        Assert.Equal(["VMDidNotStart", "VMNotAttempted"], result.ErrorIds);
        Assert.Equal(["ShutdownGuest", "ReconfigVM_Task", "PowerOnVM_Task"], Changes);
    }

    [Fact]
    public void A_guest_that_does_not_go_down_is_given_up_and_nothing_is_changed()
    {
        _server.Change(new VSphereVMState { Object = "san01", NeverShutsDown = true });
        Assert.Equal(["VMShutdownTimeout", "VMLeftShuttingDown"], _session.Run("Set-VMPassthruMsiMode san01 -Mode Msi -Restart -ShutdownTimeoutSec 1").ErrorIds);
        Assert.Equal("FALSE", Setting("san01", 0));
    }

    [Fact]
    public void Virtual_functions_and_templates_are_not_set()
    {
        Off("router01");
        Assert.All(_session.Run("Set-VMPassthruMsiMode router01 -Mode Msi -Slot 28" + Ignore).ErrorIds, id => Assert.Equal("VmxSlotNotPassthrough", id));
        Assert.Equal(["VMIsTemplate"], _session.Run("Set-VMPassthruMsiMode tmpl-win2019 -Mode Msi").ErrorIds);
        Assert.Empty(Changes);
    }

    [Fact]
    public void An_entry_whose_N_is_only_inferred_is_shown_as_such_and_not_set()
    {
        Off("ml02");
        var entry = _session.Run("Get-VMPassthruMsiMode ml02" + Ignore).ThrowIfFailed().Single;
        Assert.Equal(true, entry["IsSlotInferred"]);
        Assert.Equal(["VMSlotNotProven"], _session.Run("Get-VMPassthruMsiMode ml02 -WarningAction Ignore | Set-VMPassthruMsiMode -Mode Msi").ErrorIds);
        Assert.Empty(Changes);
    }

    [Fact]
    public void Who_names_the_N_of_an_entry_that_nothing_proves_gets_it_set_with_a_warning()
    {
        Off("ml02");
        Assert.Single(_session.Run("Set-VMPassthruMsiMode ml02 -Slot 0 -Mode Msi").ThrowIfFailed().Warnings);
        Assert.Equal("TRUE", Setting("ml02", 0));
    }

    private string? Setting(string vm, int slot) => _server.VM(vm).ExtraConfig!.GetValueOrDefault($"pciPassthru{slot}.msiEnabled");

    private void Off(string vm) => _server.Change(new VSphereVMState { Object = vm, PowerState = "poweredOff" });

    private void Connect(VSphereServer server)
    {
        var secure = new SecureString();
        foreach (var c in server.Password) secure.AppendChar(c);
        _session.Run("Connect-PassthruVIServer -Server $args[0] -Credential $args[1] -Thumbprint $args[2]", server.Server, new PSCredential(server.User, secure), server.Thumbprint).ThrowIfFailed();
        server.ResetRequests();
    }
}
