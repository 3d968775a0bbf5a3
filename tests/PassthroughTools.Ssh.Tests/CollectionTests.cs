using System.Text.Json;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Export;
using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <summary>What comes off a host is what the host has.</summary>
public sealed class CollectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-ssh-test-").FullName;

    public static readonly TheoryData<string, string, string> Versions = new()
    {
        { "lpe12000-outage", "5.0.0", "KexAlgorithms diffie-hellman-group14-sha1\nHostKeyAlgorithms ssh-rsa\nCiphers aes128-cbc,aes128-ctr\nMACs hmac-sha1" },
        { "lookalikes", "6.7.0", "KexAlgorithms ecdh-sha2-nistp256,diffie-hellman-group14-sha256\nHostKeyAlgorithms rsa-sha2-512\nCiphers aes128-gcm@openssh.com\nMACs hmac-sha2-256" },
        { "lookalikes", "7.0.3", "KexAlgorithms ecdh-sha2-nistp521\nHostKeyAlgorithms rsa-sha2-256\nCiphers aes256-ctr\nMACs hmac-sha2-512" },
        { "esxi8-cookies", "8.0.3", "KexAlgorithms curve25519-sha256\nCiphers aes256-gcm@openssh.com" },
    };

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_is_collected_equals_the_folder_that_the_answers_come_from(string sample, string version, string config)
    {
        using var host = new EsxHost(sample, answers => Become(answers, version));
        using var server = new SshServer(host, [version[0] == '8' ? "ed25519" : "rsa"], null, 1, config.Split('\n'));
        var evidence = SshEvidence.Collect(server.Name, server.Options(options => options with { Destination = _folder }), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(EvidenceReader.Read(host.Answers).Single().Warnings, evidence.Warnings);
        var expected = Content(host.Answers);
        var actual = Content(evidence.Source!);
        Assert.True(actual.Remove("collector.log"));
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var name in expected.Keys.Where(name => !name.EndsWith(".json", StringComparison.Ordinal))) Assert.True(expected[name].SequenceEqual(actual[name]), name);
        foreach (var name in expected.Keys.Where(name => name.EndsWith("vm.json", StringComparison.Ordinal)))
            Assert.Equal(EvidenceJson.ReadVM(Path.Combine(host.Answers, name)) with { Name = null }, EvidenceJson.ReadVM(Path.Combine(evidence.Source!, name)));
        Assert.Equal(EvidenceJson.ReadHost(Path.Combine(host.Answers, "host.json")) with { Version = null }, EvidenceJson.ReadHost(Path.Combine(evidence.Source!, "host.json")));
        Assert.Equal(version, $"{evidence.Version!.Major}.{evidence.Version.Minor}.{evidence.Version.Update}");
        Assert.Equal(EvidenceRedaction.Signature(EvidenceReader.Read(host.Answers).Single()), EvidenceRedaction.Signature(evidence));
    }

    [Fact]
    public void Only_the_commands_that_are_listed_are_run()
    {
        using var host = new EsxHost();
        using var server = new SshServer(host);
        host.StartJournal();
        SshEvidence.Collect(server.Name, server.Options(options => options with { LogSince = new DateTimeOffset(2012, 8, 1, 0, 0, 0, TimeSpan.Zero), MaxLogSize = 20_000 }), cancellation: TestContext.Current.CancellationToken);
        var patterns = SshCommands.All.Select(each => "^" + Words(System.Text.RegularExpressions.Regex.Escape(each.Command)) + "$").ToList();
        Assert.All(host.Journal(), command => Assert.Contains(patterns, pattern => System.Text.RegularExpressions.Regex.IsMatch(command, pattern)));
    }

    [Fact]
    public void The_record_of_a_host_can_be_exported_and_redacted()
    {
        using var host = new EsxHost("esxi8-cookies");
        using var server = new SshServer(host);
        var evidence = SshEvidence.Collect(server.Name, server.Options(), cancellation: TestContext.Current.CancellationToken);
        var target = Path.Combine(_folder, "export");
        EvidenceExporter.Export([evidence], new ExportOptions { Destination = target, Redact = true }, TestContext.Current.CancellationToken);
        Assert.Equal(EvidenceRedaction.Signature(evidence), EvidenceRedaction.Signature(EvidenceReader.Read(target).Single()));
        foreach (var file in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories)) Assert.DoesNotContain("esx11", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
        GC.KeepAlive(evidence);
    }

    [Fact]
    public void The_copy_of_a_vmx_does_not_pass_for_the_one_on_the_host()
    {
        using var host = new EsxHost();
        using var server = new SshServer(host);
        var evidence = SshEvidence.Collect(server.Name, server.Options(options => options with { Destination = _folder }), cancellation: TestContext.Current.CancellationToken);
        Assert.All(evidence.VMs!, vm => Assert.Equal($"ssh://{server.Name}/vmfs/volumes/datastore1/{vm.Name}/{vm.Name}.vmx", vm.VmxPath));
    }

    [Fact]
    public void A_failing_command_costs_only_what_it_would_have_told_and_its_half_of_an_output_is_not_read()
    {
        using var host = new EsxHost();
        host.Command("lspci", "echo 0000:00:00.0 half; echo no such device >&2; exit 3");
        using var server = new SshServer(host);
        var evidence = SshEvidence.Collect(server.Name, server.Options(), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(evidence.ConfigSpaces);
        Assert.Contains(evidence.Warnings, warning => warning.Contains("'lspci -e' ended with exit code 3: no such device", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_of_ESXi_is_an_error()
    {
        using var host = new EsxHost();
        host.Command("esxcli", "echo not here >&2; exit 127");
        using var server = new SshServer(host);
        Fails.With("SshNotEsx", () => SshEvidence.Collect(server.Name, server.Options()));
    }

    [Fact]
    public void A_folder_that_is_there_is_left_as_it_is()
    {
        using var host = new EsxHost();
        using var server = new SshServer(host);
        Directory.CreateDirectory(Path.Combine(_folder, $"127.0.0.1_{server.Ports[0]}"));
        Fails.With("SshFolderExists", () => SshEvidence.Collect(server.Name, server.Options(options => options with { Destination = _folder })));
    }

    [Fact]
    public void Virtual_machines_may_have_any_name()
    {
        string[] names = ["two words", """a "quoted" and 'quoted' name""", "$(touch pwned) `touch pwned`; touch pwned", "[brackets] in [it] and a * star", "-rf", "%s%n", "Größe 日本", ".."];
        using var host = new EsxHost();
        for (var i = 0; i < names.Length - 1; i++) host.AddVM(20 + i, names[i]);
        host.List("90      up      [datastore1] ../../../../etc/passwd.vmx      otherGuest    vmx-08   ");
        using var server = new SshServer(host);
        var vms = SshEvidence.Collect(server.Name, server.Options(options => options with { Destination = _folder }), cancellation: TestContext.Current.CancellationToken).VMs!;
        Assert.Equal(4 + names.Length, vms.Count);
        foreach (var id in Enumerable.Range(0, names.Length - 1)) Assert.Contains(vms, vm => vm.VmxPath?.EndsWith("/" + names[id] + ".vmx", StringComparison.Ordinal) == true && vm.Slots!.Count == 2 && vm.PowerState == VMPowerState.PoweredOn);
        Assert.Empty(Directory.EnumerateFiles(host["root"], "pwned", SearchOption.AllDirectories));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_machine_whose_vmx_can_not_be_read_is_not_overlooked()
    {
        using var host = new EsxHost();
        host.List("12      gone      [datastore1] gone/gone.vmx      windows7Server64Guest    vmx-08              ");
        using var server = new SshServer(host);
        var evidence = SshEvidence.Collect(server.Name, server.Options(), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(Assert.Single(evidence.VMs!, vm => vm.Source == "vms/vm-12").Slots);
    }

    [Fact]
    public void A_machine_that_passes_nothing_through_is_not_taken()
    {
        using var host = new EsxHost();
        host.AddVM(12, "plain");
        File.WriteAllText(host["root/vmfs/volumes/datastore1/plain/plain.vmx"], "displayName = \"plain\"\n");
        using var server = new SshServer(host);
        Assert.Equal(4, SshEvidence.Collect(server.Name, server.Options(), cancellation: TestContext.Current.CancellationToken).VMs!.Count);
    }

    [Fact]
    public void Logs_are_cut_on_the_host_from_their_older_end()
    {
        using var host = new EsxHost();
        var log = host["root/var/run/log/vmkernel.log"];
        var last = File.ReadAllText(log);
        File.WriteAllText(log, string.Concat(Enumerable.Repeat("2012-08-01T00:00:00.000Z cpu1:1)World: 1: filler\n", 40_000)) + last);
        using var server = new SshServer(host);
        var evidence = SshEvidence.Collect(server.Name, server.Options(options => options with { Destination = _folder, MaxLogSize = 1 << 20 }), cancellation: TestContext.Current.CancellationToken);
        var text = File.ReadAllText(Path.Combine(evidence.Source!, "vmkernel.log"));
        Assert.InRange(text.Length, (1 << 20) - 200, 1 << 20);
        Assert.EndsWith(last, text, StringComparison.Ordinal);
        Assert.StartsWith("2012-", text, StringComparison.Ordinal);
        Assert.Contains(evidence.Warnings, warning => warning.Contains("vmkernel.0.gz: left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Logs_from_a_time_on_are_filtered_on_the_host()
    {
        using var host = new EsxHost("esxi8-cookies");
        host.Command("date", $"echo {DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}");
        using var server = new SshServer(host);
        var lines = File.ReadAllLines(host["root/var/run/log/vmkernel.log"]);
        var from = lines[lines.Length / 2];
        var since = DateTimeOffset.Parse(from[..19] + "Z", System.Globalization.CultureInfo.InvariantCulture);
        var evidence = SshEvidence.Collect(server.Name, server.Options(options => options with { Destination = _folder, LogSince = since }), cancellation: TestContext.Current.CancellationToken);
        var taken = File.ReadAllLines(Path.Combine(evidence.Source!, "vmkernel.log"));
        Assert.Equal(lines.SkipWhile(line => !char.IsDigit(line[0]) || string.CompareOrdinal(line, 0, from, 0, 19) < 0), taken);
        Assert.Equal(["vmkernel.log"], Directory.GetFiles(evidence.Source!, "vmkernel*").Select(Path.GetFileName));
        Assert.Empty(evidence.Warnings);
    }

    [Fact]
    public void A_temporary_folder_goes_with_the_last_record()
    {
        using var host = new EsxHost();
        using var server = new SshServer(host);
        var folder = Collect(server);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.False(Directory.Exists(folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static string Collect(SshServer server)
    {
        var evidence = SshEvidence.Collect(server.Name, server.Options());
        Assert.True(Directory.Exists(evidence.Source));
        return evidence.Source!;
    }

    private static string Words(string pattern) => pattern.Replace("FOLDER", "'/[^']+'", StringComparison.Ordinal).Replace("FILE", "'.*'", StringComparison.Ordinal)
        .Replace("BYTES", "[0-9]+", StringComparison.Ordinal).Replace("TIME", "[0-9T:-]+", StringComparison.Ordinal).Replace("NUMBER", "[0-9]+", StringComparison.Ordinal);

    private static void Become(string answers, string version)
    {
        var file = Path.Combine(answers, "esxcli-system-version-get.txt");
        var parts = version.Split('.');
        File.WriteAllText(file, System.Text.RegularExpressions.Regex.Replace(
            System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(file), "Version: .*", "Version: " + version), "Update: .*", "Update: " + parts[2]));
        var json = Path.Combine(answers, "host.json");
        File.WriteAllText(json, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(json), "\"version\": \"[^\"]*\"", $"\"version\": \"{version}\""));
        if (version[0] is '5' or '6') File.Delete(Path.Combine(answers, "esxcli-hardware-pci-pcipassthru-list.txt"));
    }

    private static SortedDictionary<string, byte[]> Content(string folder)
    {
        var content = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) content[Path.GetRelativePath(folder, file)] = File.ReadAllBytes(file);
        return content;
    }
}
