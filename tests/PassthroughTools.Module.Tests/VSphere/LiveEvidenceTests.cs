using System.Management.Automation;
using System.Security;

namespace PassthroughTools.Tests.VSphere;

/// <summary>The audit of connected hosts without PowerCLI, against a server that speaks the API.</summary>
[Collection("vSphere connections")]
public sealed class LiveEvidenceTests(ModuleSession session) : IClassFixture<ModuleSession>, IDisposable
{
    public void Dispose() => session.Run("Disconnect-PassthruVIServer *");

    private VSphereServer Connect(VSphereServerOptions options)
    {
        var server = VSphereServer.Start(options);
        var secure = new SecureString();
        foreach (var c in server.Password) secure.AppendChar(c);
        session.Run("Connect-PassthruVIServer -Server $args[0] -Credential $args[1] -Thumbprint $args[2]", server.Server, new PSCredential(server.User, secure), server.Thumbprint).ThrowIfFailed();
        server.ResetRequests();
        return server;
    }

    [Fact]
    public void Five_hundred_hosts_with_ten_thousand_VMs_cost_the_pages_and_nothing_else()
    {
        using var server = Connect(new VSphereServerOptions { Hosts = 500, VMs = 10_000 });
        Assert.Equal(500, session.Run("Test-HostVectorBudget esx*").ThrowIfFailed().Output.Count);

        // Names: a view made, three pages of 200, the view removed. Then hosts by the hundred, and the 2,000 VMs of a hundred hosts in ten pages.
        Assert.Equal(5 + 5 + 50, server.Requests().Total);
    }

    [Fact]
    public void A_host_that_is_not_connected_is_one_error_and_the_others_come_through()
    {
        using var server = Connect(new VSphereServerOptions { Inventory = VSphereServerBuild.DefaultInventory });
        var result = session.Run("(Get-PassthruEvidence esx0*.example.com -WarningAction Ignore).HostName");
        Assert.Equal(["VSphereHostNotConnected"], result.ErrorIds);
        Assert.Contains("esx03.example.com", result.Output.Select(each => each.ToString()));
    }

    [Fact]
    public void The_kinds_of_passthrough_of_the_API_are_told_apart()
    {
        using var server = Connect(new VSphereServerOptions { Inventory = VSphereServerBuild.DefaultInventory });
        var slots = session.Run("(Get-PassthruEvidence esx03.example.com -WarningAction Ignore).VMs | ForEach-Object { $vm = $_.Name; $_.Slots | ForEach-Object { \"$vm $($_.Kind) $($_.IsDynamic) $($_.Address)\" } }").ThrowIfFailed().Output.Select(each => each.ToString());
        Assert.Contains("ml01 Passthrough True 0000:ca:00.0", slots);
        Assert.Contains("ml02 Unknown True ", slots);
        Assert.Contains("db01 Passthrough False 0000:b1:00.0", slots);
    }

    [Fact]
    public void The_limit_of_a_VM_is_the_hosts_own_word_and_an_older_VM_has_no_more()
    {
        using var server = Connect(new VSphereServerOptions { Inventory = VSphereServerBuild.DefaultInventory });
        var rows = session.Run("Test-PassthruConfigMaximum esx03.example.com, esx04.example.com -WarningAction Ignore | Where-Object VM | ForEach-Object { \"$($_.VM) $($_.Maximum) $($_.Provenance)\" }").ThrowIfFailed().Output.Select(row => row.ToString()).ToList();
        Assert.Contains("db01 16 Measured", rows);
        Assert.Contains("vdi01 128 Measured", rows);
        Assert.Equal(2, server.Requests().Methods["QueryConfigOption"]);
    }
}
