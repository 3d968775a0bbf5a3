using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Tests.Ssh;

namespace PassthroughTools.Tests;

/// <summary>Get-PassthruEvidence -HostName, against real sshd servers.</summary>
[Collection("One at a time")]
public sealed class SshEvidenceTests(SshEvidenceTests.Server fixture) : IClassFixture<SshEvidenceTests.Server>, IDisposable
{
    private const string Collect = "param($hosts, $key, $known, $user) Get-PassthruEvidence -HostName $hosts -KeyFile $key -KnownHosts $known -Credential $user -TimeoutSec 60";

    private readonly ModuleSession _session = new();
    private Disruptor? _disruptor;

    private SshServer Sshd => fixture.Sshd;

    private static PSCredential User => new(SshServer.User, new System.Security.SecureString());

    [Fact]
    public void Hosts_are_collected_and_one_that_fails_is_one_error()
    {
        var refused = SshServer.NameOf(SshServer.FreePorts(1)[0]);
        var result = Run("", SshServer.NameOf(Sshd.Ports[0]), refused, SshServer.NameOf(Sshd.Ports[1]));
        Assert.Equal(["SshConnectFailed"], result.ErrorIds);
        Assert.Equal(["esx01.example.com", "esx01.example.com"], result.Output.Select(host => host["HostName"]));
        Assert.Equal(refused, result.Errors[0].TargetObject.ToString());
    }

    [Fact]
    public void The_budget_of_a_host_over_SSH_is_that_of_its_folder() =>
        Assert.Equal(
            _session.Run("(Get-PassthruEvidence $args[0] | Test-HostVectorBudget).Pools | ForEach-Object Arithmetic", fixture.Host.Answers).ThrowIfFailed().Output.Select(each => each.ToString()),
            Run(" | Test-HostVectorBudget | ForEach-Object Pools | ForEach-Object Arithmetic", Sshd.Name).ThrowIfFailed().Output.Select(each => each.ToString()));

    [Fact]
    public void What_is_wrong_for_all_hosts_ends_the_command_before_any_is_bothered()
    {
        Assert.Equal(["SshCredentialMissing"], _session.Run("Get-PassthruEvidence -HostName $args[0]", Sshd.Name).ErrorIds);
        Assert.Equal(["SshFingerprintInvalid"], _session.Run("Get-PassthruEvidence -HostName $args[0] -KeyFile $args[1] -HostKeyFingerprint x", Sshd.Name, Sshd.UserKey).ErrorIds);
    }

    [Fact]
    public void Nothing_prompts_about_an_unknown_key()
    {
        var empty = Path.Combine(fixture.Host.Folder, "empty");
        File.WriteAllText(empty, "");
        var result = _session.Run(Collect, Sshd.Name, Sshd.UserKey, empty, User);
        Assert.Equal(["SshHostKeyUnknown"], result.ErrorIds);
        Assert.Empty(_session.Questions);
        Assert.Contains("AcceptNewHostKey", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Continue")]
    [InlineData("Stop")]
    public void One_bar_shows_all_hosts_and_one_below_it_what_takes_longest_and_both_are_taken_away(string errorAction)
    {
        fixture.Host.Delay(0.1);
        try
        {
            // The one that fails is started last, when the others are at work.
            var clock = Stopwatch.StartNew();
            var result = Run($" -MaxLogSize 0 -ErrorAction {errorAction}", SshServer.NameOf(Sshd.Ports[0]), SshServer.NameOf(Sshd.Ports[1]), SlowToRefuse());
            var most = (int)(clock.ElapsedMilliseconds / 200) + 1;
            Assert.Equal(["SshNotSsh"], result.ErrorIds);
            var bars = _session.Progress.Where(record => record.ActivityId == 1).ToList();
            var details = _session.Progress.Where(record => record.ActivityId != 1).ToList();
            Assert.All([bars, details], records =>
            {
                // Taken away before the error, which may be the last that is written, and at the end.
                Assert.InRange(records.Count(record => record.RecordType == ProgressRecordType.Completed), 1, 2);
                Assert.InRange(records.Count(record => record.RecordType == ProgressRecordType.Processing), 1, most);
                Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
            });
            Assert.All(bars, record => Assert.Equal(-1, record.ParentActivityId));
            Assert.All(details, record => Assert.Equal((3, 1), (record.ActivityId, record.ParentActivityId)));
            var percents = bars.Where(record => record.RecordType == ProgressRecordType.Processing).Select(record => record.PercentComplete).ToList();
            Assert.Equal(percents.Order(), percents);
            Assert.All(details.Where(record => record.RecordType == ProgressRecordType.Processing), record => Assert.Matches("^127[.]0[.]0[.]1:[0-9]+$", record.Activity));
        }
        finally
        {
            File.Delete(fixture.Host["data/delay"]);
        }
    }

    [Fact]
    public void Two_names_of_one_host_are_pointed_out() =>
        Assert.Contains("both call themselves esx01.example.com", string.Join('\n', Run("", SshServer.NameOf(Sshd.Ports[0]), SshServer.NameOf(Sshd.Ports[1])).Warnings), StringComparison.Ordinal);

    [Fact]
    public void Stopping_ends_the_command_and_leaves_no_session_thread_or_socket()
    {
        // The first run of a process opens what stays open.
        Run("", Sshd.Name).ThrowIfFailed();
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        Prepare(runspace);
        var before = Open.Count();
        fixture.Host.Delay(8);
        using var disruptor = Disruptor.HalfOpen();
        try
        {
            using var shell = PowerShell.Create(runspace);
            shell.AddScript(Collect);
            foreach (var argument in new object[] { new[] { Sshd.Name, SshServer.NameOf(Sshd.Ports[1]), disruptor.Name }, Sshd.UserKey, Sshd.KnownHosts, User }) shell.AddArgument(argument);
            var running = shell.BeginInvoke();
            var clock = Stopwatch.StartNew();
            while (Sshd.Sessions() < 2 && clock.Elapsed < TimeSpan.FromSeconds(30)) Thread.Sleep(50);
            Assert.Equal(2, Sshd.Sessions()); // enumerating the streams of a running pipeline would wait for its end

            // That nothing is waited for, whatever a host is at, StopTests shows; how long it takes with many hosts, docs/performance.md.
            shell.Stop();
            Assert.True(running.IsCompleted);

            Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        }
        finally
        {
            File.Delete(fixture.Host["data/delay"]);
        }

        disruptor.Dispose();
        Open.AssertNoneLeft(before);
        var wait = Stopwatch.StartNew();
        while (Sshd.Sessions() > 0 && wait.Elapsed < TimeSpan.FromSeconds(40)) Thread.Sleep(50);
        Assert.Equal(0, Sshd.Sessions());
    }

    public void Dispose()
    {
        _disruptor?.Dispose();
        _session.Dispose();
    }

    // A host that turns out to be none after a second or so, when there is something to show.
    private string SlowToRefuse() => (_disruptor = Disruptor.Trickles("this is not the way that an SSH server begins\0"u8.ToArray(), TimeSpan.FromMilliseconds(25))).Name;

    private static void Prepare(Runspace runspace)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", Repository.Manifest).Invoke();
    }

    private ModuleResult Run(string then, params string[] hosts) => _session.Run(Collect + then, hosts, Sshd.UserKey, Sshd.KnownHosts, User);

    public sealed class Server : IDisposable
    {
        public Server() => Sshd = new SshServer(Host, ["ed25519"], null, 2);

        internal EsxHost Host { get; } = new();

        internal SshServer Sshd { get; }

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
