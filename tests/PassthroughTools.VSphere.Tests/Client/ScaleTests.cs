namespace PassthroughTools.Tests.Client;

/// <summary>Requests do not grow with the number of hosts and VMs, pages apart.</summary>
public sealed class ScaleTests
{
    [Fact]
    public void An_audit_of_500_hosts_with_10000_VMs_takes_61_requests_with_that_for_the_versions()
    {
        using var server = VSphereServer.Start(new VSphereServerOptions { Hosts = 500, VMs = 10_000, Clusters = 10 });
        using (var client = Connecting.To(server))
        {
            var hosts = client.RetrieveAll("HostSystem", ["name", "hardware.pciDevice", "config.product", "config.pciPassthruInfo"], null, TestContext.Current.CancellationToken);
            var vms = client.RetrieveAll("VirtualMachine", ["name", "config.hardware.device", "config.extraConfig", "config.changeVersion", "runtime"], null, TestContext.Current.CancellationToken);
            Assert.Equal((500, 10_000), (hosts.Count(), vms.Count()));
        }

        // Log in 2 (the list of versions is no SOAP), hosts 1 + 3 pages + 1, VMs 1 + 50 pages + 1, log out 1.
        Assert.Equal(60, server.Requests().Total);
        Assert.Equal(0, server.Requests().Sessions);
    }
}
