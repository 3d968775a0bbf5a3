using System.Management.Automation;
using System.Security;

namespace PassthroughTools.Tests.VSphere;

/// <summary>Would VMs start on hosts of a server? Every kind of passthrough, a host to be evacuated, a cluster; answered by pool, and never with Fits where something is not known.</summary>
[Collection("vSphere connections")]
public sealed class LivePlacementTests : IClassFixture<ModuleSession>, IDisposable
{
    private readonly ModuleSession _session;
    private readonly VSphereServer _server = VSphereServer.Start(new VSphereServerOptions { Inventory = VSphereServerBuild.DefaultInventory });

    public LivePlacementTests(ModuleSession session)
    {
        _session = session;
        var secure = new SecureString();
        foreach (var c in _server.Password) secure.AppendChar(c);
        session.Run("Connect-PassthruVIServer -Server $args[0] -Credential $args[1] -Thumbprint $args[2]", _server.Server, new PSCredential(_server.User, secure), _server.Thumbprint).ThrowIfFailed();
    }

    public void Dispose()
    {
        _session.Run("Disconnect-PassthruVIServer *");
        _server.Dispose();
    }

    [Theory]
    [InlineData("esx03", "ml02", "Thought of as started here: ml02 (1 ", null)] // dynamic, and one of its kind is free
    [InlineData("esx04", "ml02", "Thought of as started here: ml02 (1 ", "no device of those that it may be assigned")]
    [InlineData("esx03", "db02", "Thought of as started here: db02 (1 ", "not set aside for passthrough")] // plain
    [InlineData("esx03", "vdi01", "Thought of as started here: vdi01 (1 ", "is not known")] // vGPU
    [InlineData("esx03", "router01", "Thought of as started here: router01 (2 ", "no adapter at 0000:3b:00.0")] // SR-IOV
    [InlineData("esx02", "router01", "On here already, counted once: router01", null)]
    public void Each_kind_of_passthrough_is_judged_by_its_own_rules_and_by_pool(string host, string vm, string first, string? problem)
    {
        var result = _session.Run($"Test-HostVectorBudget {host}.example.com -WithVM {vm} -WarningAction Ignore | ForEach-Object {{ $_; $_.Pools.Verdict }}").ThrowIfFailed().Output;
        var reasons = result[0].Get<string[]>("Reasons");
        Assert.StartsWith(first, reasons[0], StringComparison.Ordinal);
        if (problem is not null) Assert.Contains(problem, reasons[1], StringComparison.Ordinal);
        Assert.Equal("Unknown", result[0].Get<string>("Verdict"));
        Assert.InRange(result.Count, 3, 4);
        Assert.All(result.Skip(1), pool => Assert.Equal("Unknown", pool.ToString()));
    }

    [Theory]
    [InlineData("(Get-PassthruEvidence esx02.example.com)")]
    [InlineData("(Get-PassthruEvidence esx02.example.com).Vim")]
    [InlineData("(Get-PassthruEvidence esx02.example.com).VMs")]
    public void The_VMs_of_a_host_that_is_to_be_evacuated_are_those_that_are_on(string source)
    {
        var reasons = _session.Run($"$WarningPreference = 'Ignore'; Test-HostVectorBudget esx03.example.com -WithVM {source}").ThrowIfFailed().Single.Get<string[]>("Reasons");
        Assert.StartsWith("Thought of as started here: san01, router01, web01 (4 devices", reasons[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster01")]
    [InlineData("clust*")]
    public void The_hosts_of_a_cluster_are_those_that_a_VM_may_go_to(string cluster)
    {
        var result = _session.Run($"Find-PassthruHost {cluster} -VM san01 -WarningAction Ignore");
        Assert.Equal(["VSphereHostNotConnected"], result.ErrorIds);
        Assert.Equal(
            ["esx02.example.com True Unknown", "esx03.example.com False DoesNotFit", "esx04.example.com False DoesNotFit"],
            result.Output.Select(fit => $"{fit["HostName"]} {fit["IsOn"]} {fit.Get<string>("Verdict")}"));
    }

    [Fact]
    public void A_host_in_maintenance_mode_takes_no_VM()
    {
        _server.ChangeHost("esx03.example.com", inMaintenanceMode: true);
        var fit = _session.Run("Find-PassthruHost esx03.example.com -VM ml02 -WarningAction Ignore").ThrowIfFailed().Single;
        Assert.Equal("DoesNotFit", fit.Get<string>("Verdict"));
        Assert.Contains("maintenance", fit.Get<string[]>("Reasons")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Find-PassthruHost samples/lpe12000-mixed, samples/lpe12000-outage -VM win01")]
    [InlineData("Find-PassthruHost samples/lpe12000-mixed, esx01.example.com -VM win01")]
    public void A_name_of_several_VMs_is_an_error_and_no_sum(string script)
    {
        var result = _session.Run(script + " -WarningAction Ignore");
        Assert.Equal(["VMNameAmbiguous"], result.ErrorIds);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_VM_that_may_not_be_seen_leaves_its_host_undecided()
    {
        _server.Deny("web01");
        var result = _session.Run("Test-HostVectorBudget esx02.example.com");
        Assert.Equal("Unknown", result.Single.Get<string>("Verdict"));
        Assert.Contains(_session.Run("Get-PassthruEvidence esx02.example.com").Warnings, warning => warning.Contains("permission", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_template_is_no_VM_that_could_be_started() =>
        Assert.NotEmpty(_session.Run("Test-HostVectorBudget esx03.example.com -WithVM tmpl-win2019").ErrorIds);
}
