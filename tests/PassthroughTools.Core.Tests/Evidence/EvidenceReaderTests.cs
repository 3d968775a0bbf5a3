using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;

namespace PassthroughTools.Tests.Evidence;

public sealed class EvidenceReaderTests
{
    [Fact]
    public void The_outage_reads_as_the_case_tells_it()
    {
        var host = Assert.Single(EvidenceReader.Read(Sample.Original(Sample.Outage)));
        Assert.Equal(("esx01.example.com", "5.0", 24, 170, 4), (host.HostName, host.Version!.ToString(), host.LogicalCpus!.Value, host.VectorList!.Count, host.VMs!.Count));
        var budget = BudgetCalculator.Compute(host);
        var pool = Assert.Single(budget.Pools);
        Assert.Equal((BudgetVerdict.Exceeds, 170, 26, 256, -112), (pool.Verdict, pool.Capacity!.Value, pool.HostUse!.Value, pool.Demand!.Value, pool.Headroom!.Value));
        Assert.Equal(Provenance.Inferred, pool.HostUseFigure.Provenance);
        Assert.Contains(budget.Reasons, reason => reason.Contains("0000:08:00.0", StringComparison.Ordinal) && reason.Contains("vmkernel.log:284", StringComparison.Ordinal));
    }

    [Fact]
    public void The_mixed_host_fits() => Assert.Equal(BudgetVerdict.Fits, BudgetOf(Sample.Mixed).Verdict);

    [Fact]
    public void The_cookie_host_runs_out_of_cookies_and_not_of_vectors()
    {
        var budget = BudgetOf(Sample.Cookies);
        Assert.Equal(BudgetVerdict.Exceeds, budget.Verdict);
        Assert.Equal(BudgetVerdict.Fits, Assert.Single(budget.Pools, pool => pool.Pool == InterruptPool.MsixVectors).Verdict);
        var cookies = Assert.Single(budget.Pools, pool => pool.Pool == InterruptPool.InterruptCookies);
        Assert.Equal((1024, 191, 1043), (cookies.Capacity!.Value, cookies.HostUse!.Value, cookies.Demand!.Value));
        Assert.Contains(budget.Reasons, reason => reason.Contains("maxIntrCookies", StringComparison.Ordinal));
    }

    [Fact]
    public void The_look_alikes_are_explained_and_not_counted()
    {
        var budget = BudgetOf(Sample.LookAlikes);
        Assert.Equal(BudgetVerdict.Fits, budget.Verdict);
        Assert.Empty(budget.Exhaustions);
        Assert.Equal(4, budget.LookAlikes.Select(each => each.Kind).Distinct().Count());
    }

    [Fact]
    public void A_folder_of_hosts_gives_each_of_them()
    {
        var hosts = EvidenceReader.Read(Path.GetDirectoryName(Sample.Original(Sample.Outage))!).Select(host => host.HostName);
        Assert.Equal(["esx11.example.com", "esx21.example.com", "esx02.example.com", "esx01.example.com"], hosts);
    }

    [Theory]
    [InlineData(Sample.Outage)]
    [InlineData(Sample.Cookies)]
    public void An_archive_gives_the_same_budget_as_its_folder(string name)
    {
        using var work = Sample.Empty();
        var tgz = work.Place("host.tgz");
        using (var file = File.Create(tgz))
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            TarFile.CreateFromDirectory(Sample.Original(name), gzip, includeBaseDirectory: true);
        var zip = work.Place("host.zip");
        ZipFile.CreateFromDirectory(Sample.Original(name), zip);
        var expected = BudgetOf(name).ToText();
        Assert.Equal(expected, BudgetCalculator.Compute(Assert.Single(EvidenceReader.Read(tgz))).ToText());
        Assert.Equal(expected, BudgetCalculator.Compute(Assert.Single(EvidenceReader.Read(zip))).ToText());
    }

    [Fact]
    public void A_support_bundle_is_read_in_place()
    {
        using var work = Sample.Empty();
        var root = work.Place("esx-esx11.example.com-2026-02-07--09.29-12345");
        void Add(string from, string to)
        {
            var target = Path.Combine(root, to);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Sample.Original(Sample.Cookies), from), target);
        }

        Add("esxcli-hardware-pci-list.txt", "commands/localcli_hardware-pci-list.txt");
        Add("esxcli-system-settings-kernel-list.txt", "commands/localcli_system-settings-kernel-list.txt");
        Add("esxcli-system-version-get.txt", "commands/localcli_system-version-get.txt");
        Add("vmkernel.log", "var/run/log/vmkernel.log");
        Add("vms/db01/db01.vmx", "vmfs/volumes/datastore1/db01/db01.vmx");
        var tgz = work.Place("bundle.tgz");
        using (var file = File.Create(tgz))
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            TarFile.CreateFromDirectory(root, gzip, includeBaseDirectory: true);

        var host = Assert.Single(EvidenceReader.Read(tgz));
        Assert.Equal(("esx11.example.com", "8.0 U2"), (host.HostName, host.Version!.ToString()));
        Assert.Equal("db01", Assert.Single(host.VMs!).Name);
        Assert.NotEmpty(host.LogEvents!);
        Assert.NotEmpty(host.KernelSettings!);
    }

    [Fact]
    public void A_support_bundle_without_VMs_does_not_say_that_there_are_none()
    {
        using var work = Sample.Empty();
        var log = Path.Combine(work.Place("esx-esx11.example.com-2026-02-07--09.29-12345"), "var/run/log/vmkernel.log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        File.Copy(Path.Combine(Sample.Original(Sample.Cookies), "vmkernel.log"), log);
        var host = Assert.Single(EvidenceReader.Read(work.Place("esx-esx11.example.com-2026-02-07--09.29-12345")));
        Assert.Null(host.VMs);
        Assert.Contains(host.Missing, name => name.StartsWith("vms", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_two_configurations_in_one_folder_neither_is_guessed_to_be_the_VMs()
    {
        using var sample = Sample.Copy(Sample.Mixed);
        File.Move(sample.Place("vms/win01/win01.vmx"), sample.Place("vms/win01/b.vmx"));
        File.WriteAllText(sample.Place("vms/win01/a.vmx"), "displayName = \"other\"\n");
        var host = sample.Read();
        Assert.Contains(host.VMs!, vm => vm.Slots is null);
        Assert.Equal(BudgetVerdict.Unknown, BudgetCalculator.Compute(host).Verdict);
    }

    [Fact]
    public void A_rotation_with_its_number_behind_the_ending_is_older_than_the_log_in_use()
    {
        using var sample = Sample.Copy(Sample.Outage);
        File.Move(sample.Place("vmkernel.0.gz"), sample.Place("vmkernel.log.1.gz"));
        Assert.Equal(["vmkernel.log.1.gz", "vmkernel.log"], sample.Read().LogEvents!.Select(entry => entry.File).Distinct());
    }

    [Fact]
    public void An_empty_folder_says_what_belongs_in_it()
    {
        using var work = Sample.Empty();
        Assert.Equal("EvidenceNotFound", Assert.Throws<PassthruException>(() => EvidenceReader.Read(work.Path).ToList()).ErrorId);
    }

    [Fact]
    public void A_path_that_names_nothing_is_told() =>
        Assert.Equal("InputNotFound", Assert.Throws<PassthruException>(() => EvidenceReader.Read("/no/such/folder").ToList()).ErrorId);

    [Fact]
    public void A_file_that_is_no_archive_is_told()
    {
        using var work = Sample.Empty();
        var file = work.Place("notes.tgz");
        File.WriteAllText(file, "not an archive");
        Assert.Throws<PassthruException>(() => EvidenceReader.Read(file).ToList());
    }

    [Theory]
    [InlineData("host.json")]
    [InlineData("vsish-vectorList.txt")]
    [InlineData("esxcli-hardware-pci-list.txt")]
    [InlineData("lspci-config.txt")]
    [InlineData("vms/win01/guest-pci.reg")]
    [InlineData("vms/win01/win01.vmx")]
    [InlineData("vms/win01/vm.json")]
    public void A_file_that_is_missing_is_named(string name)
    {
        using var sample = Sample.Copy(Sample.Outage);
        File.Delete(sample.Place(name));
        Assert.Contains(name, sample.Read().Missing);
    }

    [Theory]
    [InlineData(Sample.Outage)]
    [InlineData(Sample.Cookies)]
    public void Whatever_file_is_lost_or_damaged_an_exceeded_budget_never_turns_into_one_that_fits(string name)
    {
        var names = Sample.ContentOf(Sample.Original(name)).Keys.Where(each => !each.EndsWith("README.md", StringComparison.Ordinal)).ToList();
        byte[][] damages = [[], [0, 1, 2, 3, 0, 255], Encoding.UTF8.GetBytes("nonsense\n"), [0x1f, 0x8b, 8, 0, 0]];
        foreach (var each in names)
        {
            using var sample = Sample.Copy(name);
            File.Delete(sample.Place(each));
            Assert.NotEqual(BudgetVerdict.Fits, sample.Budget().Verdict);
            foreach (var damage in damages)
            {
                File.WriteAllBytes(sample.Place(each), damage);
                Assert.NotEqual(BudgetVerdict.Fits, sample.Budget().Verdict);
            }
        }
    }

    [Fact]
    public void Random_losses_never_make_an_exceeded_budget_fit()
    {
        var names = Sample.ContentOf(Sample.Original(Sample.Outage)).Keys.ToList();
        var random = new Random(20120807);
        for (var round = 0; round < 60; round++)
        {
            using var sample = Sample.Copy(Sample.Outage);
            foreach (var name in names)
            {
                if (random.Next(3) == 0) File.Delete(sample.Place(name));
                else if (random.Next(6) == 0) File.WriteAllBytes(sample.Place(name), [.. File.ReadAllBytes(sample.Place(name)).Take(random.Next(2000))]);
            }

            if (!names.Exists(name => File.Exists(sample.Place(name)) && name is "host.json" or "vmkernel.log")) continue;
            try
            {
                Assert.NotEqual(BudgetVerdict.Fits, sample.Budget().Verdict);
            }
            catch (PassthruException e)
            {
                Assert.Equal("EvidenceNotFound", e.ErrorId);
            }
        }
    }

    [Fact]
    public void Files_as_PowerShell_redirects_them_read_the_same()
    {
        using var sample = Sample.Copy(Sample.Outage);
        var expected = sample.Budget().ToText();
        foreach (var name in new[] { "vsish-vectorList.txt", "esxcli-hardware-pci-list.txt", "esxcli-system-settings-kernel-list.txt", "esxcli-system-version-get.txt", "lspci-config.txt", "vmkernel.log", "host.json" })
            File.WriteAllText(sample.Place(name), File.ReadAllText(sample.Place(name)).Replace("\n", "\r\n", StringComparison.Ordinal), Encoding.Unicode);
        Assert.Equal(expected, sample.Budget().ToText());
    }

    [Fact]
    public void A_truncated_log_archive_is_read_as_far_as_it_goes_and_said_to_be_partial()
    {
        using var sample = Sample.Copy(Sample.Outage);
        var bytes = File.ReadAllBytes(sample.Place("vmkernel.0.gz"));
        File.WriteAllBytes(sample.Place("vmkernel.0.gz"), bytes[..(bytes.Length / 2)]);
        var host = sample.Read();
        Assert.Equal(EvidenceFileStatus.Partial, Assert.Single(host.Files, file => file.Name == "vmkernel.0.gz").Status);
        Assert.Contains(host.Warnings, warning => warning.StartsWith("vmkernel.0.gz", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_of_ten_megabytes_costs_nothing_but_itself()
    {
        using var sample = Sample.Copy(Sample.Outage);
        var expected = sample.Budget().Pools[0].Demand;
        File.AppendAllText(sample.Place("vmkernel.log"), new string('x', 10_000_000) + "\n");
        Assert.Equal(expected, sample.Budget().Pools[0].Demand);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"version":"five"}""")]
    [InlineData("""{"logicalCpus":"many"}""")]
    public void A_host_json_that_can_not_be_read_is_named_and_costs_only_itself(string text)
    {
        using var sample = Sample.Copy(Sample.Outage);
        File.WriteAllText(sample.Place("host.json"), text);
        var host = sample.Read();
        Assert.Equal(EvidenceFileStatus.Unreadable, Assert.Single(host.Files, file => file.Name == "host.json").Status);
        Assert.Equal("5.0", host.Version!.ToString());
    }

    [Theory]
    [InlineData("""{"schemaVersion":99,"name":"x"}""", "EvidenceSchemaNewer")]
    [InlineData("""{"name":5}""", "EvidenceJsonInvalid")]
    public void Json_errors_have_their_own_identifiers(string text, string id)
    {
        using var work = Sample.Empty();
        File.WriteAllText(work.Place("host.json"), text);
        Assert.Equal(id, Assert.Throws<PassthruException>(() => EvidenceJson.ReadHost(work.Place("host.json"))).ErrorId);
    }

    [Fact]
    public void A_VM_whose_folder_is_empty_is_not_overlooked()
    {
        using var sample = Sample.Copy(Sample.Mixed);
        Directory.CreateDirectory(sample.Place("vms/forgotten"));
        var budget = sample.Budget();
        Assert.Equal(BudgetVerdict.Unknown, budget.Verdict);
        Assert.Contains(budget.Devices, device => device.VM == "forgotten");
    }

    [Fact]
    public void A_collection_has_every_VM_of_the_host_and_a_folder_that_was_filled_by_hand_may_lack_some()
    {
        using var sample = Sample.Copy(Sample.Mixed);
        Assert.False(sample.Read().HasAllVMs);
        File.WriteAllText(sample.Place("collector.log"), "VM 12: taken\n");
        Assert.True(sample.Read().HasAllVMs);
        File.AppendAllText(sample.Place("collector.log"), "inventory, passed over: 13   db01\n");
        Assert.False(sample.Read().HasAllVMs);
        File.WriteAllText(sample.Place("collector.log"), "");
        Directory.Delete(sample.Place("vms"), recursive: true); // as where the host gave no list
        Assert.False(sample.Read().HasAllVMs);
    }

    private static HostVectorBudget BudgetOf(string name) => BudgetCalculator.Compute(Assert.Single(EvidenceReader.Read(Sample.Original(name))));
}
