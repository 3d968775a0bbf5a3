using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PassthroughTools.Evidence;
using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <summary>Stopping does not wait for any host, whatever it is at, and leaves nothing. Each limit is an hour, so whoever waited for it would be found out.</summary>
[Collection("One at a time")]
public sealed class StopTests(DisruptionTests.Server fixture) : IClassFixture<DisruptionTests.Server>
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private SshServer Sshd => fixture.Sshd;

    [Fact]
    public void While_the_host_takes_no_connection()
    {
        // Its queue is full, so the kernel answers no further one.
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var fillers = Enumerable.Range(0, 4).Select(_ => new TcpClient()).ToList();
        foreach (var filler in fillers) _ = filler.ConnectAsync(IPAddress.Loopback, port).ContinueWith(task => task.Exception, TaskScheduler.Default);
        Thread.Sleep(100);
        Stops(SshServer.NameOf(port), SshPhase.Connect);
        fillers.ForEach(filler => filler.Dispose());
    }

    [Fact]
    public void While_the_host_says_nothing()
    {
        using var disruptor = Disruptor.HalfOpen();
        Stops(disruptor.Name, SshPhase.Connect, () => disruptor.Connections > 0);
    }

    [Fact]
    public void While_the_host_sends_one_byte_after_another()
    {
        using var disruptor = Disruptor.Trickles(new byte[100_000].Select(_ => (byte)'x').ToArray(), TimeSpan.FromMilliseconds(20));
        Stops(disruptor.Name, SshPhase.Connect, () => disruptor.Connections > 0);
    }

    [Fact]
    public void While_keys_are_exchanged()
    {
        using var disruptor = Disruptor.Says("SSH-2.0-OpenSSH_8.4\r\n"u8.ToArray());
        Stops(disruptor.Name, SshPhase.Handshake);
    }

    [Fact]
    public void While_the_host_thinks_about_the_password()
    {
        using var server = new SshServer(fixture.Host, ["ed25519"], "secret", 1, "KbdInteractiveAuthentication yes", "PubkeyAuthentication no");
        var hold = server["hold"];
        File.WriteAllText(hold, "");
        File.WriteAllText(server["check"], $"#!/bin/sh\nwhile [ -f {hold} ]; do sleep 0.1; done\nexit 1\n");
        using var password = new System.Security.SecureString();
        foreach (var letter in "secret") password.AppendChar(letter);
        Stops(server.Name, SshPhase.Authenticate, null, server.Options(own => own with { Credential = SshCredential.Create(SshServer.User, password, []) }));
        File.Delete(hold);
    }

    [Fact]
    public void While_a_command_runs()
    {
        fixture.Host.Delay(60);
        try
        {
            Stops(Sshd.Name, SshCommands.Clock);
        }
        finally
        {
            File.Delete(fixture.Host["data/delay"]);
        }
    }

    [Fact]
    public void While_a_file_comes_in_and_does_not_end()
    {
        var cat = fixture.Host["bin/cat"];
        var link = File.ResolveLinkTarget(cat, returnFinalTarget: false)!.FullName;
        fixture.Host.Command("cat", $"case $* in *vmkernel.log) echo half; sleep 60 ;; *) exec {link} cat \"$@\" ;; esac");
        try
        {
            Stops(Sshd.Name, "/var/run/log/vmkernel.log");
        }
        finally
        {
            File.Delete(cat);
            File.CreateSymbolicLink(cat, link);
        }
    }

    [Fact]
    public void A_worker_that_does_not_end_does_not_hold_up_the_one_who_stops()
    {
        using var release = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var fleet = new SshFleet(Sshd.Options(), 1, CancellationToken.None, (_, _, _) =>
        {
            started.Set();
            release.Wait(CancellationToken.None);
            return new HostEvidence { HostName = "late" };
        });
        fleet.Add("late");
        started.Wait(TestContext.Current.CancellationToken);

        // Were it waited for, this would never return: it is let go only afterwards.
        fleet.Dispose();
        Assert.False(fleet.HasEnded);
        release.Set();
    }

    [Theory]
    [InlineData("esx01", "ESX01:22", 1)]
    [InlineData("[2001:db8::7]:22", "2001:0DB8::7", 1)]
    [InlineData("esx01", "esx01:2222", 2)]
    public void A_host_that_is_named_in_two_ways_is_collected_once(string name, string other, int expected)
    {
        using var fleet = new SshFleet(Sshd.Options(), 2, CancellationToken.None, (host, _, _) => new HostEvidence { HostName = host });
        fleet.Add(name);
        fleet.Add(other);
        Assert.Equal(expected, fleet.Progress.Total);
    }

    /// <summary>Starts on a host, waits until it is at a step, stops, and finds nothing left.</summary>
    private void Stops(string host, string step, Func<bool>? isThere = null, SshOptions? options = null)
    {
        var known = Sshd["known_" + Guid.NewGuid().ToString("N")];
        var before = Open.Count();
        options = (options ?? Sshd.Options()) with { Timeouts = SshTimeouts.Of(Limit), Destination = Sshd["collected"], AcceptNewHostKey = true, KnownHosts = known };
        var fleet = new SshFleet(options, 1, TestContext.Current.CancellationToken);
        fleet.Add(host);
        fleet.CompleteAdding();
        Until(() => fleet.Progress.Running.Any(each => each.Step == step) && isThere?.Invoke() != false, $"It never came to '{step}'.");
        fleet.Dispose();
        Until(() => fleet.HasEnded, "The worker still waits.");
        Open.AssertNoneLeft(before);
        Assert.Empty(Directory.GetFileSystemEntries(Sshd["collected"]));
    }

    private static void Until(Func<bool> condition, string otherwise)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), otherwise);
            Thread.Sleep(10);
        }
    }
}
