using System.Diagnostics;
using System.Management.Automation.Runspaces;
using PassthroughTools.Tests.Guests;

namespace PassthroughTools.Tests;

/// <summary>PowerShell remoting between two processes: a guest with PowerShell 7 on Linux, found out to be one only when it answers.</summary>
public sealed class RemotingGuestTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    [Fact]
    public void A_session_to_another_process_brings_that_machines_ports_and_devices()
    {
        using var process = Process.Start(WineGuests.Start(null, "dotnet", "exec", typeof(RemotingGuestTests).Assembly.Location.Replace("PassthroughTools.Module.Tests", "PassthroughTools.GuestHost", StringComparison.Ordinal)))!;
        try
        {
            Assert.Equal("ready", process.StandardOutput.ReadLine());
            using var runspace = RunspaceFactory.CreateRunspace(new NamedPipeConnectionInfo(process.Id));
            runspace.Open();
            var pipeline = session.Run("[System.Management.Automation.Runspaces.PSSession]::Create($args[0], 'pipe', $null)", runspace).ThrowIfFailed().Single.Value;
            var devices = session.Run("Get-GuestMsiSetting -Session $args[0]", pipeline).ThrowIfFailed();
            Assert.Equal(Directory.Exists("/sys/bus/pci/devices") ? Directory.GetDirectories("/sys/bus/pci/devices").Length : 0, devices.Output.Count);
            var ports = session.Run("Get-GuestFabricLogin -Session $args[0]", pipeline).ThrowIfFailed();
            Assert.Equal(Directory.Exists("/sys/class/fc_host") ? Directory.GetDirectories("/sys/class/fc_host").Length : 0, ports.Output.Count);
            var refused = session.Run("Set-GuestMsiSetting -Session $args[0] -Device 10df:f100 -MsiSupported $false", pipeline);
            Assert.Equal(["GuestWrongFamily"], refused.ErrorIds);
        }
        finally
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(5000)) process.Kill();
        }
    }
}
