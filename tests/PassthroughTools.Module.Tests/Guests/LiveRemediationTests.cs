using System.Management.Automation;
using System.Security;
using PassthroughTools.Tests.Guests;

namespace PassthroughTools.Tests;

/// <summary>
/// The whole story of the case, live: a host of a vSphere server, four VMs that are on, a Windows registry in each, and the fabric; made to fit, and back.
/// </summary>
[Collection("vSphere connections")]
public sealed class LiveRemediationTests : IClassFixture<WineGuests>, IClassFixture<ModuleSession>, IDisposable
{
    private static readonly string[] Names = ["win01", "win02", "win03", "win04"];
    private readonly WineGuests _wine;
    private readonly ModuleSession _session;
    private readonly WorkFolder _folder = new();
    private readonly ToolsStandIn _tools = new();
    private readonly VSphereServer _server = VSphereServer.Start(new VSphereServerOptions { TaskTime = TimeSpan.FromMilliseconds(20), ShutdownTime = TimeSpan.FromMilliseconds(50) });

    public LiveRemediationTests(WineGuests wine, ModuleSession session) => (_wine, _session) = (wine, session);

    public void Dispose()
    {
        _session.Run("Disconnect-PassthruVIServer *");
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_case_is_found_fixed_in_VMs_and_guests_with_all_ports_logged_in_and_undone()
    {
        Prepare();
        var registries = Names.ToDictionary(name => name, name => _tools.Guests[name].Registry());
        foreach (var name in Names) LogIn(name);
        var settings = Names.ToDictionary(name => name, name => _server.VM(name).ExtraConfig);

        var result = _session.Run("Invoke-PassthruRemediation esx01* -Prefer MsiOff -Headroom 130 -GuestCredential $global:login -JournalPath $args[0] -Confirm:$false -WarningAction Ignore | ForEach-Object { \"$($_.Before.Verdict) $($_.After.Verdict) $($_.Outcome)\" }", _folder.Path).ThrowIfFailed().Single;
        Assert.Equal("Exceeds Fits Fixed", result.Value);
        Assert.All(Names, name => Assert.NotEqual(registries[name], _tools.Guests[name].Registry()));
        Assert.All(Names, name => Assert.Equal("poweredOn", _server.VM(name).PowerState));
        var calls = _server.Requests().Sequence;
        Assert.Equal((4, 4), (calls.Count(call => call == "ShutdownGuest"), calls.Count(call => call == "PowerOnVM_Task")));

        foreach (var name in Names) LogIn(name);
        var again = _session.Run("Invoke-PassthruRemediation esx01* -Prefer MsiOff -Headroom 130 -GuestCredential $global:login -JournalPath $args[0] -Confirm:$false -WarningAction Ignore", _folder.Path).ThrowIfFailed().Single;
        Assert.Equal("NothingToDo", again["Outcome"]!.ToString());

        _session.Run("Get-PassthruRemediation -JournalPath $args[0] | Undo-PassthruRemediation -GuestCredential $global:login -Confirm:$false", _folder.Path).ThrowIfFailed();
        Assert.All(Names, name => Assert.Equal(registries[name], _tools.Guests[name].Registry()));
        Assert.All(Names, name => Assert.Equal(settings[name], _server.VM(name).ExtraConfig));
        Assert.All(Names, name => Assert.Equal("poweredOn", _server.VM(name).PowerState));
    }

    private void Prepare()
    {
        foreach (var name in Names)
            _tools.Guests[name] = _wine.Create(File.ReadAllText(Path.Combine(Repository.Root, "samples", "lpe12000-outage", "vms", name, "guest-pci.reg")));
        _tools.Install(_session);
        var secure = new SecureString();
        foreach (var c in _server.Password) secure.AppendChar(c);
        _session.Run("Connect-PassthruVIServer -Server $args[0] -Credential $args[1] -Thumbprint $args[2]", _server.Server, new PSCredential(_server.User, secure), _server.Thumbprint).ThrowIfFailed();

        // PowerCLI is a stand-in here; its VMs have the identifiers of the server.
        _session.Run("foreach ($vm in (Get-PassthruEvidence esx01* -WarningAction Ignore).VMs) { $global:vms | Where-Object Name -eq $vm.Name | ForEach-Object { $_.Id = $vm.Vim.Reference.ToString() } }").ThrowIfFailed();
    }

    /// <summary>Both ports of a guest are logged in, as the driver's WMI classes tell it.</summary>
    private void LogIn(string name) => _tools.Guests[name].Run(
        """
        function global:Get-WmiObject($class, $namespace) {
            if ($class -ne 'MSFC_FibrePortHBAAttributes' -or $namespace -ne 'root\wmi') { return }
            foreach ($n in 1, 2) { [pscustomobject]@{ InstanceName = "PCI\$n"; Attributes = [pscustomobject]@{ PortWWN = [byte[]](16, 0, 0, 0, 201, 1, 2, $n); PortState = 2; PortSpeed = 16; PortFcId = 66048; PortType = 5 } } }
        }
        """);
}
