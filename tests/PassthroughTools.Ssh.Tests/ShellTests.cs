using System.Globalization;
using PassthroughTools.Evidence;
using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <summary>A host whose shell lacks a tool, prints more than it should, or has a clock that is off.</summary>
public sealed class ShellTests : IDisposable
{
    private const string Fails127 = "echo not found >&2; exit 127";
    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-shell-test-").FullName;
    private readonly EsxHost _host = new("esxi8-cookies");
    private readonly SshServer _server;

    public ShellTests() => _server = new SshServer(_host);

    private string Log => _host["root/var/run/log/vmkernel.log"];

    [Fact]
    public void Without_tail_the_end_of_a_log_is_cut_here()
    {
        var whole = File.ReadAllText(Log);
        const int most = 3000;
        var expected = Collect("with", options => options with { MaxLogSize = most });
        _host.Command("tail", Fails127);
        var actual = Collect("without", options => options with { MaxLogSize = most });
        Assert.Equal(whole[(whole.IndexOf('\n', whole.Length - most) + 1)..], actual);
        Assert.Equal(expected, actual);
        Assert.Contains("cut here", File.ReadAllText(Path.Combine(_folder, "without", $"127.0.0.1_{_server.Ports[0]}", "collector.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_awk_the_lines_from_a_time_on_are_found_here()
    {
        var lines = File.ReadAllLines(Log);
        var since = DateTimeOffset.Parse(lines[lines.Length / 2][..19] + "Z", CultureInfo.InvariantCulture);
        _host.Command("date", $"echo {DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}");
        var expected = Collect("with", options => options with { LogSince = since });
        _host.Command("awk", Fails127);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Collect("without", options => options with { LogSince = since }));
    }

    [Fact]
    public void A_log_whose_size_can_not_be_told_is_named()
    {
        _host.Command("wc", Fails127);
        Assert.Contains(Run(options => options).Warnings, warning => warning.Contains("vmkernel.log: left out, its size could not be read", StringComparison.Ordinal));
    }

    [Fact]
    public void No_tool_is_used_that_6_5_lacks() =>
        Assert.DoesNotMatch(@"\b(tr|head|cut|mktemp|df|stat|find|xargs)\b [^&]", string.Join("\n", SshCommands.All.Select(each => each.Command)));

    [Fact]
    public void Text_before_the_answers_is_found_out_before_it_spoils_them()
    {
        var shell = File.ReadAllText(_host.Shell);
        File.WriteAllText(_host.Shell, shell.Replace("eval ", "echo 'Authorized use only!'\neval ", StringComparison.Ordinal));
        Assert.Contains("Authorized use only!", Assert.Throws<PassthruException>(() => Run(options => options)).Message, StringComparison.Ordinal);
        File.WriteAllText(_host.Shell, shell.Replace("eval ", "echo 'Warning: unsupported' >&2\neval ", StringComparison.Ordinal));
        Assert.NotNull(Run(options => options).PciDevices);
    }

    [Fact]
    public void Text_before_the_answers_has_an_error_of_its_own()
    {
        _host.Command("date", "echo motd; echo 2026-01-01T00:00:00Z");
        Fails.With("SshNoisyShell", () => Run(options => options));
    }

    [Fact]
    public void Without_logs_none_is_looked_for_and_that_is_said_once()
    {
        _host.StartJournal();
        var evidence = Run(options => options with { MaxLogSize = 0 });
        Assert.DoesNotContain(_host.Journal(), command => command.Contains("ls -t", StringComparison.Ordinal));
        Assert.Single(evidence.Warnings, warning => warning.Contains("No log was taken", StringComparison.Ordinal));
        Assert.Contains(evidence.Files, file => file is { Name: "vmkernel.log", Status: EvidenceFileStatus.Missing });
        Assert.NotEmpty(evidence.VMs!);
    }

    [Theory]
    [InlineData(-180, 0)]
    [InlineData(180, 0)]
    [InlineData(0, 1)]
    public void A_clock_that_is_off_costs_no_line(int minutes, int past)
    {
        // Written by a host whose clock is off: an hour ago, by its clock.
        var now = DateTimeOffset.UtcNow;
        var written = now.AddMinutes(minutes - 60);
        File.WriteAllText(Log, $"{written:yyyy-MM-ddTHH:mm:ss}.000Z cpu1:1)World: 1: then\n");
        _host.Command("date", $"echo {now.AddMinutes(minutes):yyyy-MM-ddTHH:mm:ssZ}");
        var evidence = Run(options => options with { Destination = _folder, LogSince = now.AddMinutes(-70 + (past * 20)) });
        Assert.Equal(past == 0, File.ReadAllText(Path.Combine(evidence.Source!, "vmkernel.log")).Contains("then", StringComparison.Ordinal));
        Assert.Equal(minutes != 0, evidence.Warnings.Any(warning => warning.Contains("clock is 180 minutes " + (minutes < 0 ? "behind" : "ahead of"), StringComparison.Ordinal)));
    }

    [Fact]
    public void An_inventory_that_is_none_does_not_pass_for_a_host_without_machines()
    {
        File.WriteAllText(_host["data/inventory"], "");
        var evidence = Run(options => options);
        Assert.Null(evidence.VMs);
        Assert.Contains(evidence.Warnings, warning => warning.Contains("printed no listing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_that_the_host_skips_is_not_overlooked()
    {
        _host.List("Skipping invalid VM '77'");
        Assert.Null(Assert.Single(Run(options => options).VMs!, vm => vm.Source == "vms/vm-77").Slots);
    }

    [Fact]
    public void A_failure_in_the_middle_leaves_nothing_in_the_destination()
    {
        // Half of a file, and then the connection is gone.
        _host.Command("lspci", "echo 0000:00:00.0 half; kill -9 $(sed -n 's/^PPid:[^0-9]*//p' /proc/$PPID/status)");
        using var disruptor = Disruptor.After(_server.Ports[0], 30_000, Disruptor.Cut);
        var options = _server.Options(own => own with { Destination = _folder, KnownHosts = Path.Combine(_folder, "known"), AcceptNewHostKey = true });
        Assert.Throws<PassthruException>(() => SshEvidence.Collect(disruptor.Name, options));
        Assert.Empty(Directory.GetDirectories(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_a_killed_process_left_half_done_is_no_evidence()
    {
        var evidence = Run(options => options with { Destination = _folder });
        var left = Path.Combine(_folder, ".passthru-ssh-0123456789abcdef");
        Directory.CreateDirectory(left);
        File.Copy(Path.Combine(evidence.Source!, "esxcli-hardware-pci-list.txt"), Path.Combine(left, "esxcli-hardware-pci-list.txt"));
        Assert.Equal(evidence.HostName, Assert.Single(EvidenceReader.Read(_folder)).HostName);
    }

    [Theory]
    [InlineData("esx01.example.com", "ESX01", true)]
    [InlineData("192.0.2.7", "esx01", true)]
    [InlineData("esx01.example.com", "localhost.localdomain", true)]
    [InlineData("esx01.example.com", "esx02.example.com", false)]
    public void Two_names_may_be_one_hosts(string name, string other, bool expected) => Assert.Equal(expected, SshHostNames.MayBeOne(name, other));

    public void Dispose()
    {
        _server.Dispose();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private HostEvidence Run(Func<SshOptions, SshOptions> change) =>
        SshEvidence.Collect(_server.Name, _server.Options(change), cancellation: TestContext.Current.CancellationToken);

    private string Collect(string name, Func<SshOptions, SshOptions> change) =>
        File.ReadAllText(Path.Combine(Run(options => change(options) with { Destination = Path.Combine(_folder, name) }).Source!, "vmkernel.log"));
}
