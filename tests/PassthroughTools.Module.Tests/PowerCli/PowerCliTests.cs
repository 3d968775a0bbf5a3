using System.Management.Automation;
using VMware.Vim;

namespace PassthroughTools.Tests.PowerCli;

/// <summary>What PowerCLI's commands give binds to ours, live and after remoting, at a number of requests that does not depend on how much of it there is.</summary>
[Collection("vSphere connections")]
public sealed class PowerCliTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private const string Fix = "Get-PassthruEvidence -WarningAction Ignore";

    private PowerCliStandIn Connect(int hosts, params PowerCliStandIn[] others) => Connect(new PowerCliStandIn(hosts), others);

    private PowerCliStandIn Connect(PowerCliStandIn server, params PowerCliStandIn[] others)
    {
        var all = new[] { server }.Concat(others).ToList();
        session.Run(PowerCliStandIn.Commands).ThrowIfFailed();
        session.Run("$global:StandIn = $args[0]; $global:StandIns = @{}; foreach ($each in $args[1]) { $global:StandIns[$each.Server.Name] = $each }; $global:DefaultVIServers = @($args[1].Server)", server, all.ToArray()).ThrowIfFailed();
        return server;
    }

    private ModuleResult Names(string script, params object?[] arguments) => session.Run($"({script}).HostName", arguments);

    [Theory]
    [InlineData("Get-VMHost")]
    [InlineData("Get-Cluster")]
    [InlineData("Get-VM")]
    [InlineData("Get-VM vm?a")]
    [InlineData("(Get-VMHost).ExtensionData")]
    [InlineData("(Get-VM).ExtensionData")]
    [InlineData("(Get-Cluster).ExtensionData")]
    [InlineData("'cluster1'")]
    [InlineData("'esx*'")]
    [InlineData("'esx03', 'ESX01', 'esx02'")]
    public void Whatever_names_hosts_binds(string source)
    {
        Connect(3);
        Assert.Equal(["esx01", "esx02", "esx03"], Names($"{source} | {Fix}").ThrowIfFailed().Output.Select(each => each.ToString()).Order());
        Assert.Equal(3, session.Run($"Test-HostVectorBudget -VMHost ({source})").ThrowIfFailed().Output.Count);
    }

    [Theory]
    [InlineData("Get-VMHost", 1)]
    [InlineData("Get-VMHost", 2)]
    [InlineData("Get-Cluster", 1)]
    [InlineData("Get-VM", 2)]
    [InlineData("(Get-VMHost).ExtensionData", 1)]
    [InlineData("(Get-VMHost).ExtensionData", 2)]
    [InlineData("(Get-VM).ExtensionData", 1)]
    [InlineData("(Get-Cluster).ExtensionData", 2)]
    [InlineData("Get-PassthruEvidence esx*", 1)]
    [InlineData("Get-PassthruEvidence esx*", 2)]
    [InlineData("Get-PassthruEvidence esx* | Test-HostVectorBudget", 1)]
    [InlineData("Get-PassthruEvidence esx* | Test-HostVectorBudget", 2)]
    [InlineData("Get-PassthruEvidence esx* | New-PassthruRemediationPlan", 1)]
    [InlineData("Get-PassthruEvidence esx* | New-PassthruRemediationPlan", 2)]
    public void What_came_back_from_remoting_binds_again(string source, int depth)
    {
        Connect(2);
        var records = session.Run($"$WarningPreference = 'SilentlyContinue'; {source}").ThrowIfFailed();
        var back = records.Output.Select(each => PSSerializer.Deserialize(PSSerializer.Serialize(each.Value, depth))).ToArray();
        Assert.Equal(["esx01", "esx02"], Names($"$args[0] | {Fix}", [back]).ThrowIfFailed().Output.Select(each => each.ToString()));
    }

    [Theory]
    [InlineData("Get-VMHost")]
    [InlineData("Get-Cluster")]
    [InlineData("Get-VM")]
    [InlineData("'esx*'")]
    public void Forty_hosts_cost_as_many_requests_as_two(string source)
    {
        int Cost(int hosts)
        {
            var server = Connect(hosts);
            Assert.Equal(hosts, session.Run($"{source} | Test-HostVectorBudget").ThrowIfFailed().Output.Count);
            return server.Requests;
        }

        Assert.Equal(Cost(2), Cost(40));
    }

    [Fact]
    public void A_bus_read_as_minus_56_is_c8()
    {
        Connect(1);
        Assert.Equal(["0000:c8:00.0", "0000:c8:00.1"], session.Run("(Get-VMHost | Get-PassthruEvidence).PciDevices.Address").ThrowIfFailed().Output.Select(each => each.ToString()));
        Assert.Equal("0000:c8:00.0", session.Run("Get-VMHost | Get-PassthruVectorDemand -VM vm1a").ThrowIfFailed().Single.Get<string>("Address"));
    }

    [Fact]
    public void Versions_processors_guests_and_power_are_read()
    {
        Connect(1);
        var host = session.Run("Get-VMHost | Get-PassthruEvidence").ThrowIfFailed().Single;
        Assert.Equal(("8.0 U2", 64), (host["Version"]!.ToString(), host["LogicalCpus"]));
        var vm = session.Run("(Get-VMHost | Get-PassthruEvidence).VMs[0]").ThrowIfFailed().Single;
        Assert.Equal(("PoweredOn", "Windows", 15), (vm.Get<string>("PowerState"), vm.Get<string>("GuestFamily"), vm["HardwareVersion"]));
    }

    [Fact]
    public void The_limit_of_a_VM_is_the_hosts_own_word()
    {
        Connect(2);
        Assert.Equal(["12 Measured", "12 Measured"], session.Run("Get-VMHost | Test-PassthruConfigMaximum | Where-Object VM | ForEach-Object { \"$($_.Maximum) $($_.Provenance)\" }").ThrowIfFailed().Output.Select(row => row.ToString()));
    }

    [Fact]
    public void The_log_is_read_through_Get_Log_when_it_is_asked_for()
    {
        Connect(1);
        Assert.Equal("OutOfVectors", session.Run("(Get-VMHost | Get-PassthruEvidence -IncludeLog).LogEvents").ThrowIfFailed().Single.Get<string>("Kind"));
    }

    [Fact]
    public void A_VM_that_went_away_meanwhile_does_not_cost_the_others()
    {
        Connect(1).IsFirstVMGone = true;
        var result = session.Run("(Get-VMHost | Get-PassthruEvidence).VMs.Name");
        Assert.Equal("vm1b", result.Single.ToString());
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void A_host_that_is_not_connected_is_one_error_and_the_others_come_through()
    {
        Connect(new PowerCliStandIn(3, firstState: HostSystemConnectionState.disconnected));
        var result = Names($"Get-VMHost | {Fix}");
        Assert.Equal(["VSphereHostNotConnected"], result.ErrorIds);
        Assert.Equal(2, result.Output.Count);
    }

    [Fact]
    public void A_name_that_no_server_knows_is_one_error()
    {
        Connect(1);
        var result = Names($"{Fix} -VMHost nope, esx01");
        Assert.Equal(["VSphereObjectNotFound"], result.ErrorIds);
        Assert.Equal("esx01", result.Single.ToString());
    }

    [Fact]
    public void A_path_that_exists_stays_a_path()
    {
        Connect(1);
        Assert.EndsWith("lpe12000-outage", session.Run($"({Fix} samples/lpe12000-outage).Source").ThrowIfFailed().Single.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Server_chooses_among_connections()
    {
        Connect(1, new PowerCliStandIn(2, "other.example.com"));
        Assert.Equal(3, Names($"{Fix} esx*").ThrowIfFailed().Output.Count);
        Assert.Equal(2, Names($"{Fix} esx* -Server other*").ThrowIfFailed().Output.Count);
        Assert.Single(Names($"{Fix} esx* -Server $DefaultVIServers[0]").ThrowIfFailed().Output);
        Assert.Equal(["VSphereNotConnected"], Names($"{Fix} esx* -Server third.example.com").ErrorIds);
    }

    [Fact]
    public void A_view_that_lost_its_server_is_ambiguous_with_two_connections()
    {
        Connect(1, new PowerCliStandIn(1, "other.example.com"));
        var view = PSSerializer.Deserialize(PSSerializer.Serialize(session.Run("(Get-VMHost).ExtensionData").Single.Value, 1));
        Assert.Equal(["VSphereServerAmbiguous"], Names($"$args[0] | {Fix}", view).ErrorIds);
        Assert.Equal("esx01", Names($"$args[0] | {Fix} -Server vc*", view).ThrowIfFailed().Single.ToString());
    }

    [Fact]
    public void Evidence_of_a_folder_is_read_again_after_remoting_and_a_lost_one_says_so()
    {
        Connect(1);
        var folder = session.Run($"{Fix} samples/lpe12000-outage").ThrowIfFailed().Single.Value;
        var text = PSSerializer.Serialize(folder, 1);
        Assert.Single(Names($"$args[0] | {Fix}", PSSerializer.Deserialize(text)).ThrowIfFailed().Output);
        Assert.Equal(["EvidenceNotRebuildable"], Names($"$args[0] | {Fix}", PSSerializer.Deserialize(text.Replace("lpe12000-outage<", "gone<", StringComparison.Ordinal))).ErrorIds);
    }

    [Fact]
    public void Without_PowerCLIs_commands_the_error_says_what_to_install()
    {
        using var bare = new ModuleSession();
        Assert.Equal(["PowerCliNotInstalled"], bare.Run("$global:DefaultVIServers = @($args[0]); Get-PassthruEvidence esx01", new PowerCliStandIn(1).Server).ErrorIds);
    }

    [Fact]
    public void A_PowerCLI_that_lacks_what_is_needed_says_so()
    {
        Connect(new PowerCliStandIn(1, isKnown: false));
        Assert.Equal(["PowerCliUnknown"], Names($"Get-VMHost | {Fix}").ErrorIds);
    }

    [Fact]
    public void Something_else_is_refused_by_its_own_error() =>
        Assert.Equal(["HostNotRecognized"], Names($"42 | {Fix}").ErrorIds);
}
