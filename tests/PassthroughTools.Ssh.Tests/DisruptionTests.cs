using System.Globalization;
using System.Text;
using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <summary>Whatever goes wrong between here and a host is named, costs this host only and leaves nothing open.</summary>
[Collection("One at a time")]
public sealed class DisruptionTests(DisruptionTests.Server fixture) : IClassFixture<DisruptionTests.Server>
{
    private static readonly byte[] Banner = Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_8.4\r\n");

    private SshServer Sshd => fixture.Sshd;

    [Fact]
    public void A_refused_connection_is_named() =>
        Check("SshConnectFailed", SshServer.NameOf(SshServer.FreePorts(1)[0]));

    [Fact]
    public void A_name_that_is_not_known_is_named() => Check("SshNameUnknown", "no-such-host.invalid");

    [Fact]
    public void A_host_that_takes_the_connection_and_says_nothing_runs_into_the_handshakes_limit()
    {
        using var disruptor = Disruptor.HalfOpen();
        Assert.Contains("handshake", Check("SshTimeout", disruptor.Name).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_only_sends_its_banner_runs_into_the_handshakes_limit()
    {
        using var disruptor = Disruptor.Says(Banner);
        Assert.Contains("handshake", Check("SshTimeout", disruptor.Name).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_sends_a_byte_now_and_then_runs_into_the_handshakes_limit()
    {
        using var disruptor = Disruptor.Trickles([.. Banner, 0, 0, 3, 0xE8, .. new byte[1000]], TimeSpan.FromMilliseconds(20));
        Assert.Contains("handshake", Check("SshTimeout", disruptor.Name).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", true)]
    [InlineData("220 mail.example.com ESMTP\r\n", true)]
    [InlineData("SSH-1.5-old\r\n", false)]
    [InlineData("\0\0\0\u0010binary", false)]
    public void A_banner_that_is_not_SSH_is_named(string banner, bool hangsUp)
    {
        using var disruptor = Disruptor.Says(Encoding.Latin1.GetBytes(banner), hangsUp);
        Check("SshNotSsh", disruptor.Name);
    }

    [Fact]
    public void An_endless_preamble_is_not_SSH()
    {
        using var disruptor = Disruptor.Says(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("welcome\r\n", 10_000))));
        Check("SshNotSsh", disruptor.Name);
    }

    [Fact]
    public void A_host_that_hangs_up_at_once_is_a_lost_connection()
    {
        using var disruptor = Disruptor.Says([], hangsUp: true);
        Check("SshConnectionLost", disruptor.Name);
    }

    [Fact]
    public void Garbage_after_the_banner_breaks_the_protocol()
    {
        using var disruptor = Disruptor.Says([.. Banner, .. Enumerable.Repeat((byte)0xA7, 5000)]);
        Check("SshProtocolError", disruptor.Name);
    }

    [Fact]
    public void Bytes_that_are_changed_under_way_break_the_protocol()
    {
        using var disruptor = Disruptor.After(Sshd.Ports[0], 12_000, Disruptor.Garble);
        Check("SshProtocolError", disruptor.Name);
    }

    [Fact]
    public void A_connection_that_is_cut_in_the_middle_of_a_file_is_lost_and_the_command_is_named()
    {
        using var disruptor = Disruptor.After(Sshd.Ports[0], 40_000, Disruptor.Cut);
        Assert.Contains("command '", Check("SshConnectionLost", disruptor.Name).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_stalls_in_the_middle_of_a_file_runs_into_the_commands_limit()
    {
        using var disruptor = Disruptor.After(Sshd.Ports[0], 40_000, Disruptor.Stall);
        Assert.Contains("command '", Check("SshTimeout", disruptor.Name, seconds: 3).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_hosts_key_is_a_changed_key()
    {
        using var disruptor = Disruptor.After(Sshd.Ports[0], long.MaxValue, Disruptor.Stall);
        var known = Sshd["known_wrong"];
        File.WriteAllText(known, SshServer.KnownLine(Programs.MakeKey(Path.GetDirectoryName(known)!, "other"), disruptor.Port) + "\n");
        Check("SshHostKeyChanged", disruptor.Name, options => options with { KnownHosts = known });
    }

    [Fact]
    public void An_answer_of_a_gigabyte_is_not_read()
    {
        fixture.Host.Command("esxcli", "if [ \"$*\" = 'hardware pci list' ]; then exec yes; fi; echo 'Version: 8.0.3'");
        try
        {
            var before = GC.GetTotalAllocatedBytes();
            Check("SshAnswerTooLarge", Sshd.Name, options => options with { MaxAnswer = 4 << 20 }, seconds: 60);
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100 << 20);
        }
        finally
        {
            fixture.Reset();
        }
    }

    [Fact]
    public void A_flood_of_complaints_is_not_read_either()
    {
        fixture.Host.Command("esxcli", "exec yes >&2");
        try
        {
            Check("SshAnswerTooLarge", Sshd.Name, options => options with { MaxAnswer = 1 << 20 }, seconds: 60);
        }
        finally
        {
            fixture.Reset();
        }
    }

    [Fact]
    public void A_culture_with_commas_changes_nothing()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "−";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        culture.DateTimeFormat.DateSeparator = "/";
        var own = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            var evidence = SshEvidence.Collect(Sshd.Name, Sshd.Options(options => options with { LogSince = new DateTimeOffset(2012, 8, 1, 0, 0, 0, TimeSpan.Zero), MaxLogSize = 20_000 }));
            Assert.NotEmpty(evidence.LogEvents!);
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    /// <summary>Collects from a bad host and a good one: the bad one fails as it should, the good one does not care, and nothing is left.</summary>
    private PassthruException Check(string id, string bad, Func<SshOptions, SshOptions>? change = null, double seconds = 1.5)
    {
        using var good = new Good();
        var before = Open.Count();
        var options = Sshd.Options(own => (change?.Invoke(own) ?? own) with
        {
            Timeouts = new SshTimeouts(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(id == "SshTimeout" ? seconds : 20), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(id == "SshTimeout" ? seconds : 60)),
        });
        options = options with { KnownHosts = Accept(options, bad) };
        SshResult failed;
        using (var fleet = new SshFleet(options, 4, TestContext.Current.CancellationToken, (host, report, token) => host == "good" ? good.Collect() : SshEvidence.Collect(host, options, report, token)))
        {
            fleet.Add(bad);
            fleet.Add("good");
            fleet.CompleteAdding();
            var results = new List<SshResult>();
            while (!fleet.IsDrained)
            {
                if (fleet.TryTake(TimeSpan.FromSeconds(1), out var result)) results.Add(result);
            }

            Assert.NotNull(results.Single(result => result.Host == "good").Evidence);
            failed = results.Single(result => result.Host == bad);
        }

        Assert.True(failed.Failure!.ErrorId == id, $"{failed.Failure.ErrorId}: {failed.Failure.Message} {failed.Failure.InnerException}");
        Open.AssertNoneLeft(before);
        return failed.Failure;
    }

    /// <summary>The disruptor stands at another port than the server whose key it passes on.</summary>
    private string Accept(SshOptions options, string name)
    {
        if (options.KnownHosts != Sshd.KnownHosts) return options.KnownHosts!;
        var port = int.TryParse(name.Split(':')[^1], CultureInfo.InvariantCulture, out var own) ? own : 22;
        var file = Sshd["known_" + Guid.NewGuid().ToString("N")];
        File.WriteAllLines(file, Sshd.HostKeys.Select(key => SshServer.KnownLine(key, port)));
        return file;
    }

    private sealed class Good : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("passthru-good-").FullName;

        public PassthroughTools.Evidence.HostEvidence Collect()
        {
            File.Copy(Path.Combine(EsxHost.Root, "samples", "lpe12000-outage", "host.json"), Path.Combine(_folder, "host.json"), overwrite: true);
            return PassthroughTools.Evidence.EvidenceReader.Read(_folder).Single();
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }

    public sealed class Server : IDisposable
    {
        private readonly string _esxcli;

        public Server()
        {
            Host = new EsxHost();
            Sshd = new SshServer(Host);
            _esxcli = File.ReadAllText(Host["bin/esxcli"]);
            if (!File.Exists(Host["bin/yes"])) File.CreateSymbolicLink(Host["bin/yes"], Programs.Require("busybox", "busybox"));

            // The first connection of a process opens what stays open: load contexts, random number generators, the thread pool's own.
            SshEvidence.Collect(Sshd.Name, Sshd.Options());
        }

        internal EsxHost Host { get; }

        internal SshServer Sshd { get; }

        internal void Reset() => File.WriteAllText(Host["bin/esxcli"], _esxcli);

        public void Dispose()
        {
            Sshd.Dispose();
            Host.Dispose();
        }
    }
}

/// <summary>These count threads and sockets of the process, so nothing else may run meanwhile.</summary>
[CollectionDefinition("One at a time", DisableParallelization = true)]
public sealed class OneAtATime;
