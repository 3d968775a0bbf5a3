using System.Diagnostics;
using System.Text.RegularExpressions;
using PassthroughTools.Guests;
using PassthroughTools.Pci;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Guests;

/// <summary>The Linux guest script by the real sh, on a folder that stands for sysfs.</summary>
public sealed class LinuxGuestTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("passthru-sysfs-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Ports_come_from_fc_host_and_hostile_text_in_them_is_only_text()
    {
        Put("sys/class/fc_host/host7", ("port_name", "0x10000000c9a1b2c3"), ("port_state", "Online"), ("speed", "8 Gbit"), ("port_id", "0x010200"), ("port_type", "NPort (fabric via point-to-point)"));
        Put("sys/class/fc_host/host8", ("port_name", "0x10000000c9a1b2c4"), ("port_state", "Linkdown"), ("speed", "unknown"), ("port_id", "0x000000"), ("port_type", "Unknown"));
        Put("sys/class/fc_host/host9", ("port_name", "0x10000000c9a1b2c5"), ("port_state", "$(touch " + _root + "/pwned)`touch " + _root + "/pwned`"), ("speed", ""), ("port_id", ""), ("port_type", ""));
        var ports = Guest().ReadFabric();
        Assert.Equal(["10:00:00:00:c9:a1:b2:c3", "10:00:00:00:c9:a1:b2:c4", "10:00:00:00:c9:a1:b2:c5"], ports.Select(port => port.PortWwn));
        Assert.Equal([("Online", 8.0, true), ("Linkdown", null, false)], ports.Take(2).Select(port => (port.State, port.SpeedGbps, port.IsLoggedIn)));
        Assert.StartsWith("$(touch", ports[2].State);
        Assert.False(File.Exists(_root + "/pwned"));
    }

    [Fact]
    public void Devices_come_with_their_vectors_their_driver_and_the_parameter_to_turn()
    {
        Put("sys/bus/pci/devices/0000:0b:00.0", ("vendor", "0x10df"), ("device", "0xf100"));
        Put("sys/bus/pci/devices/0000:0b:00.0/msi_irqs", ("64", ""), ("65", ""), ("66", ""));
        Put("sys/bus/pci/drivers/lpfc");
        Directory.CreateSymbolicLink(_root + "/sys/bus/pci/devices/0000:0b:00.0/driver", _root + "/sys/bus/pci/drivers/lpfc");
        Put("sys/module/lpfc/parameters", ("lpfc_use_msi", "2"), ("lpfc_other", "1"));
        var device = Assert.Single(Guest().ReadLinuxDevices());
        Assert.Equal(("linux01", "0000:0b:00.0", "10df:f100", "lpfc", 3, 32, InterruptMode.MsiX), (device.VM, device.InstanceId, device.HardwareId, device.Driver, device.Vectors, device.InterruptMessageMaximum, device.Mode));
        Assert.Equal("2", Assert.Single(device.Parameters, pair => pair.Key == "lpfc_use_msi").Value);
        Assert.Single(device.Parameters);
        Assert.Contains("lpfc_use_msi", device.Advice);
        Assert.Null(device.MsiSupported);
    }

    [Theory]
    [InlineData("16 Gbit", 16.0)]
    [InlineData("128 Gbit", 128.0)]
    [InlineData("unknown", null)]
    [InlineData("Not Negotiated", null)]
    [InlineData("8 Gbit, 16 Gbit", null)]
    [InlineData("8 Mbit", null)]
    [InlineData("-8 Gbit", null)]
    [InlineData("", null)]
    public void A_speed_is_one_number_of_gigabits_or_none(string text, double? speed)
    {
        Put("sys/class/fc_host/host7", ("port_name", "0x10000000c9a1b2c3"), ("port_state", "Online"), ("speed", text), ("port_id", "0x010200"), ("port_type", "NPort (fabric via point-to-point)"));
        Assert.Equal(speed, Assert.Single(Guest().ReadFabric()).SpeedGbps);
    }

    [Fact]
    public void A_device_that_lspci_lists_twice_because_its_first_try_failed_is_one()
    {
        Put("sys/bus/pci/devices/0000:0b:00.0", ("vendor", "0x10df"), ("device", "0xf100"));
        Assert.Equal("lpfc", Assert.Single(Guest(listing: "exit 1").ReadLinuxDevices()).Driver);
    }

    [Theory]
    [InlineData("16.0/00.0", 4)]
    [InlineData("15.0/00.0", null)]
    public void A_device_is_in_the_slot_whose_place_it_has(string place, int? slot)
    {
        Put("sys/devices/pci0000:00/0000:00:16.0/0000:0b:00.0", ("vendor", "0x10df"), ("device", "0xf100"));
        Directory.CreateDirectory(_root + "/sys/bus/pci/devices");
        Directory.CreateSymbolicLink(_root + "/sys/bus/pci/devices/0000:0b:00.0", "../../../devices/pci0000:00/0000:00:16.0/0000:0b:00.0");
        var device = Assert.Single(Guest(slots: [new PassthruSlot { Slot = 4, VendorId = 0x10df, DeviceId = 0xf100, GuestPath = place }]).ReadLinuxDevices());
        Assert.Equal(("16.0/00.0", slot), (device.BusPath, device.Slot));
        Assert.NotNull(device.SlotNote);
    }

    [Fact]
    public void Ports_of_a_guest_whose_family_shows_only_in_its_answer_are_read_as_Linux_has_them()
    {
        Put("sys/class/fc_host/host7", ("port_name", "0x10000000c9a1b2c3"), ("port_state", "Online"), ("speed", "8 Gbit"), ("port_id", "0x010200"), ("port_type", "NPort (fabric via point-to-point)"));
        var guest = new Guest(new Shell("/usr/bin") { Family = GuestFamily.Unknown }, TimeSpan.FromSeconds(30)) { LinuxRoot = _root };
        Assert.Equal("10:00:00:00:c9:a1:b2:c3", Assert.Single(guest.ReadFabric()).PortWwn);
    }

    [Fact]
    public void A_root_that_a_shell_would_see_something_in_is_refused() =>
        Assert.Equal("GuestRequestInvalid", Assert.Throws<PassthruException>(() => Guest("/x'; touch y").ReadFabric()).ErrorId);

    private Guest Guest(string? root = null, IReadOnlyList<PassthruSlot>? slots = null, string listing = "")
    {
        var tool = Path.Combine(_root, "bin", "lspci");
        Put("bin", ("lspci", "#!/bin/sh\nprintf '%s\\n' '0000:0b:00.0 Fibre Channel [0c04]: Emulex LPe12000 [10df:f100] (rev 03)' '\tCapabilities: [b0] MSI-X: Enable+ Count=32 Masked-' '\tKernel driver in use: lpfc'\n" + listing + "\n"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new Guest(new Shell(Path.GetDirectoryName(tool)!), TimeSpan.FromSeconds(30)) { LinuxRoot = root ?? _root, FindSlots = () => slots };
    }

    private void Put(string folder, params (string Name, string Text)[] files)
    {
        Directory.CreateDirectory(Path.Combine(_root, folder));
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(_root, folder, name), text + "\n");
    }

    private sealed class Shell(string tools) : IGuestTransport
    {
        public GuestTarget Target => new(GuestRoute.Tools, "linux01");

        public string Name => "linux01";

        public GuestFamily Family { get; init; } = GuestFamily.Linux;

        public int? MaximumScript => null;

        public int AnswerSize => 700;

        public string Run(string script, GuestFamily family, TimeSpan timeout, CancellationToken cancellation)
        {
            // PowerShell on Linux answers the script for Windows with its family alone.
            if (family != GuestFamily.Linux) return "PTG1:" + Regex.Match(script, "'([0-9a-f]{32})[|]").Groups[1].Value + ":family:Linux:END";
            var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
            start.Environment["PATH"] = tools + ":/usr/bin:/bin";
            using var process = Process.Start(start)!;
            process.StandardInput.Write(script);
            process.StandardInput.Close();
            return process.StandardOutput.ReadToEnd();
        }
    }
}
