using System.Management.Automation;
using VMware.Vim;

namespace PassthroughTools.Tests.PowerCli;

/// <summary>VMs are changed through PowerCLI's views: reconfigured, shut down, started, with tasks waited for.</summary>
[Collection("vSphere connections")]
public sealed class PowerCliChangeTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private const string Key = "pciPassthru0.msiEnabled";
    private readonly PowerCliStandIn _server = new(2);

    private PowerCliMachine VM => _server.Machine("vm1a");

    [Theory]
    [InlineData("Get-VM vm1a")]
    [InlineData("(Get-VM vm1a).ExtensionData")]
    [InlineData("'vm1a'")]
    [InlineData("'VM1A*'")]
    [InlineData("(Get-VMHost esx01 | Get-PassthruEvidence).VMs[0]")]
    public void Whatever_names_a_VM_binds(string source)
    {
        var entry = Run($"{source} | Get-VMPassthruMsiMode").ThrowIfFailed().Single;
        Assert.Equal(("vm1a", 0, "Default"), (entry["VM"], entry["Slot"], entry.Get<string>("Mode")));
    }

    [Theory]
    [InlineData("Get-VM vm1a", 1)]
    [InlineData("Get-VM vm1a", 2)]
    [InlineData("(Get-VM vm1a).ExtensionData", 2)]
    [InlineData("Get-VMPassthruMsiMode vm1a", 1)]
    public void What_came_back_from_remoting_binds_again(string source, int depth)
    {
        var back = Run(source).ThrowIfFailed().Output.Select(each => PSSerializer.Deserialize(PSSerializer.Serialize(each.Value, depth))).ToArray();
        Assert.Equal("vm1a", Run("$args[0] | Get-VMPassthruMsiMode", [back]).ThrowIfFailed().Single["VM"]);
    }

    [Theory]
    [InlineData("Get-VM")]
    [InlineData("'vm*'")]
    public void Eighty_VMs_cost_as_many_requests_as_four(string source)
    {
        int Cost(int hosts)
        {
            var server = new PowerCliStandIn(hosts);
            Connect(server);
            Assert.Equal(hosts, session.Run($"{source} | Get-VMPassthruMsiMode").ThrowIfFailed().Output.Count);
            return server.Requests;
        }

        Assert.Equal(Cost(2), Cost(40));
    }

    [Fact]
    public void A_VM_that_is_off_is_reconfigured_and_read_back()
    {
        VM.Switch(on: false);
        Assert.Equal("IoApic", Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode IoApic -PassThru -WarningAction Ignore").ThrowIfFailed().Single.Get<string>("Mode"));
        Assert.Equal(["ReconfigVM_Task"], VM.Calls);
        Assert.Equal("FALSE", VM.Setting(Key));
    }

    [Fact]
    public void A_key_that_is_set_back_to_absent_is_gone_or_reported()
    {
        VM.Switch(on: false);
        Run("Set-VMPassthruMsiMode vm1a -Mode Msi").ThrowIfFailed();
        Run("Set-VMPassthruMsiMode vm1a -Mode Default").ThrowIfFailed();
        Assert.Null(VM.Setting(Key));
        Run("Set-VMPassthruMsiMode vm1a -Mode Msi").ThrowIfFailed();
        VM.KeepsEmptyKeys = true;
        Assert.Equal(["SettingNotVerified"], Run("Set-VMPassthruMsiMode vm1a -Mode Default").ErrorIds);
    }

    [Fact]
    public void A_VM_that_is_on_goes_down_through_its_guest_is_changed_and_started()
    {
        Assert.Equal(["VMIsPoweredOn"], Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi").ErrorIds);
        Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi -Restart").ThrowIfFailed();
        Assert.Equal(["ShutdownGuest", "ReconfigVM_Task", "PowerOnVM_Task"], VM.Calls);
        Assert.Equal(("TRUE", true), (VM.Setting(Key), VM.IsOn));
    }

    [Fact]
    public void WhatIf_calls_nothing()
    {
        Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi -Restart -WhatIf").ThrowIfFailed();
        Assert.Empty(VM.Calls);
    }

    [Fact]
    public void A_change_by_someone_else_meanwhile_is_refused_and_the_VM_comes_back()
    {
        VM.IsEditedMeanwhile = true;
        Assert.Equal(["VSphereConcurrentEdit"], Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi -Restart").ErrorIds);
        Assert.Equal((null, true), (VM.Setting(Key), VM.IsOn));
    }

    [Fact]
    public void A_task_that_fails_gives_its_words()
    {
        VM.FailsToPowerOn = "Out of interrupt vectors.";
        var result = Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi -Restart");
        Assert.Equal(["VMDidNotStart"], result.ErrorIds);
        Assert.Contains("Out of interrupt vectors.", result.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_without_tools_is_not_pulled_down()
    {
        Run("Get-VM vm1a").ThrowIfFailed();
        _server.Machine("vm1a").LoseTools();
        Assert.Equal(["VSphereToolsUnavailable"], session.Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi -Restart").ErrorIds);
        Assert.True(VM.IsOn);
    }

    [Fact]
    public void A_command_that_throws_is_one_error_and_nothing_is_changed()
    {
        VM.Switch(on: false);
        _server.Failure = new VimException("Permission to perform this operation was denied.", new NoPermission { PrivilegeId = "VirtualMachine.Config.AdvancedConfig" });
        Assert.Equal(["VSpherePermissionDenied"], Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi").ErrorIds);
        _server.Failure = new InvalidOperationException("something else");
        Assert.Equal(["VSphereFault"], Run("Get-VM vm1a | Set-VMPassthruMsiMode -Mode Msi").ErrorIds);
        Assert.Null(VM.Setting(Key));
    }

    private ModuleResult Run(string script, params object?[] arguments)
    {
        Connect(_server);
        return session.Run(script, arguments);
    }

    private void Connect(PowerCliStandIn server)
    {
        session.Run(PowerCliStandIn.Commands).ThrowIfFailed();
        session.Run("$global:StandIn = $args[0]; $global:StandIns = @{ $args[0].Server.Name = $args[0] }; $global:DefaultVIServers = @($args[0].Server)", server).ThrowIfFailed();
    }
}
