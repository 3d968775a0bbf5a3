using System.Diagnostics;
using PassthroughTools.Evidence;
using PassthroughTools.Evidence.Collector;
using PassthroughTools.Evidence.Export;

namespace PassthroughTools.Tests.Evidence;

/// <summary>The collector, run by the shell that ESXi has.</summary>
public sealed class CollectorTests
{
    [Theory]
    [InlineData("/bin/dash")]
    [InlineData("busybox sh")]
    public void The_script_parses(string shell)
    {
        CollectorHost.Require();
        if (shell == "/bin/dash" && !File.Exists(shell)) Assert.Skip("Needs dash: apt-get install dash");
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, CollectorScript.Text);
            var words = shell.Split(' ');
            using var process = Process.Start(words[0], [.. words.Skip(1), "-n", file]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_script_is_plain_text_for_any_terminal()
    {
        Assert.All(CollectorScript.Text, character => Assert.True(character is '\n' or (>= ' ' and < (char)127)));
        Assert.StartsWith("#!/bin/sh\n", CollectorScript.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Sample.Outage)]
    [InlineData(Sample.Mixed)]
    [InlineData(Sample.Cookies)]
    [InlineData(Sample.LookAlikes)]
    public void What_is_collected_gives_the_budget_that_the_host_has(string sample)
    {
        using var host = new CollectorHost(sample);
        var collected = host.Collect();
        Assert.Equal(EvidenceRedaction.Signature(host.Sample.Read()), EvidenceRedaction.Signature(collected));
        Assert.Equal(host.Sample.Read().HostName, collected.HostName);
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Temporary));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.WorkingFolder));
    }

    [Fact]
    public void A_packed_tar_goes_to_a_file()
    {
        using var host = new CollectorHost(Sample.Outage);
        var (code, output, errors) = host.Run("-z", "-o", "host.tgz");
        Assert.Equal((0, 0, ""), (code, output.Length, errors));
        var read = Assert.Single(EvidenceReader.Read(Path.Combine(host.WorkingFolder, "host.tgz")));
        Assert.Equal(EvidenceRedaction.Signature(host.Sample.Read()), EvidenceRedaction.Signature(read));
    }

    [Fact]
    public void A_file_that_is_there_is_left_as_it_is()
    {
        using var host = new CollectorHost(Sample.Outage);
        var file = Path.Combine(host.WorkingFolder, "host.tar");
        File.WriteAllText(file, "mine");
        Assert.Equal(1, host.Run("-o", "host.tar").Code);
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Temporary));
    }

    [Fact]
    public void A_failing_command_is_recorded_and_its_half_of_an_output_is_not_read()
    {
        using var host = new CollectorHost(Sample.Outage);
        host.Command("vsish", "echo 0x21; echo no such node >&2; exit 3");
        var collected = host.Collect();
        Assert.Null(collected.VectorList);
        Assert.Contains("exit code 3: no such node", host.ReadText("evidence/collector.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_command_costs_only_what_it_would_have_told()
    {
        using var host = new CollectorHost(Sample.Outage);
        foreach (var command in new[] { "lspci", "vsish" }) File.Delete(host["bin/" + command]);
        var collected = host.Collect();
        Assert.Null(collected.ConfigSpaces);
        Assert.Equal(4, collected.VMs!.Count);
        Assert.Contains("lspci: not found", host.ReadText("evidence/collector.log"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("""a "quoted" and 'quoted' name""")]
    [InlineData("$(touch pwned) `touch pwned`; touch pwned")]
    [InlineData("[brackets] in [it] and a * star")]
    [InlineData("-rf")]
    [InlineData("%s%n")]
    public void A_virtual_machine_may_have_any_name(string name)
    {
        using var host = new CollectorHost(Sample.Outage);
        host.AddVM(9, host.Sample.Place("vms/win01"), name);
        var vms = host.Collect().VMs!;
        Assert.Equal(5, vms.Count);
        var vm = Assert.Single(vms, each => each.Source == "vms/" + name);
        Assert.Equal((2, VMPowerState.PoweredOn), (vm.Slots!.Count, vm.PowerState));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.WorkingFolder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Temporary));
    }

    [Fact]
    public void A_host_may_have_any_name()
    {
        using var host = new CollectorHost(Sample.Outage);
        host.Command("esxcli", """[ "$*" = 'system hostname get' ] && printf '%s\n' 'Fully Qualified Domain Name: a"b\c$(d)' """);
        Assert.Equal("""a"b\c$(d)""", host.Collect().HostName);
    }

    [Fact]
    public void A_machine_whose_vmx_can_not_be_read_is_not_overlooked()
    {
        using var host = new CollectorHost(Sample.Outage);
        host.List("12      gone      [datastore1] gone/gone.vmx      windows7Server64Guest    vmx-08              ");
        var vm = Assert.Single(host.Collect().VMs!, each => each.Source == "vms/vm-12");
        Assert.Null(vm.Slots);
    }

    [Fact]
    public void A_machine_that_passes_nothing_through_is_not_taken()
    {
        using var host = new CollectorHost(Sample.Outage);
        var folder = Directory.CreateDirectory(host["root/vmfs/volumes/datastore1/plain"]).FullName;
        File.WriteAllText(Path.Combine(folder, "plain.vmx"), "displayName = \"plain\"\n");
        host.List("12      plain      [datastore1] plain/plain.vmx      windows7Server64Guest    vmx-08              ");
        Assert.Equal(4, host.Collect().VMs!.Count);
    }

    [Fact]
    public void Logs_are_cut_from_their_older_end()
    {
        using var host = new CollectorHost(Sample.Outage);
        var log = host["root/var/run/log/vmkernel.log"];
        var last = File.ReadAllText(log);
        File.WriteAllText(log, string.Concat(Enumerable.Repeat("2012-08-01T00:00:00.000Z cpu1:1)World: 1: filler\n", 40_000)) + last);
        Assert.NotNull(host.Collect("-s", "1").LogEvents);
        var text = host.ReadText("evidence/vmkernel.log");
        Assert.InRange(text.Length, (1 << 20) - 200, 1 << 20);
        Assert.EndsWith(last, text, StringComparison.Ordinal);
        Assert.StartsWith("2012-", text, StringComparison.Ordinal);
        Assert.Contains("vmkernel.0.gz: left out", host.ReadText("evidence/collector.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_can_not_be_cut_does_not_pass_for_an_empty_one()
    {
        using var host = new CollectorHost(Sample.Outage);
        host.Command("tail", "echo 'tail: invalid option -- c' >&2; exit 1");
        var log = host["root/var/run/log/vmkernel.log"];
        File.AppendAllText(log, string.Concat(Enumerable.Repeat("2012-08-01T00:00:00.000Z cpu1:1)World: 1: filler\n", 40_000)));
        Assert.DoesNotContain(host.Collect("-s", "1").Files, file => file is { Name: "vmkernel.log", Status: EvidenceFileStatus.Read });
        Assert.Contains("tail -c failed", host.ReadText("evidence/collector.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_the_host_skips_is_not_overlooked()
    {
        using var host = new CollectorHost(Sample.Outage);
        host.List("Skipping invalid VM '77'");
        Assert.Null(Assert.Single(host.Collect().VMs!, each => each.Source == "vms/vm-77").Slots);
    }

    [Fact]
    public void An_inventory_that_is_none_does_not_pass_for_a_host_without_machines()
    {
        using var host = new CollectorHost(Sample.Outage);
        File.WriteAllText(host["data/inventory"], "");
        Assert.Null(host.Collect().VMs);
    }

    [Fact]
    public void A_folder_that_is_still_being_filled_is_no_evidence()
    {
        using var sample = Sample.Copy(Sample.Outage);
        var root = Directory.CreateDirectory(Path.Combine(sample.Path, "hosts"));
        foreach (var name in new[] { "esx01", ".passthru-ssh-0123" })
        {
            root.CreateSubdirectory(name);
            File.Copy(sample.Place("host.json"), Path.Combine(root.FullName, name, "host.json"));
        }

        Assert.EndsWith("esx01", Assert.Single(EvidenceReader.Read(root.FullName)).Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public void A_run_that_is_ended_leaves_nothing_behind(string signal, int code)
    {
        using var host = new CollectorHost(Sample.Outage);
        host.Command("vsish", $"kill -{signal} $PPID");
        Assert.Equal(code, host.Run("-o", "host.tar").Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Temporary));
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.WorkingFolder));
    }

    [Theory]
    [InlineData(0, "-h")]
    [InlineData(2, "-x")]
    [InlineData(2, "-s", "many")]
    [InlineData(2, "extra")]
    public void Help_and_misuse_start_no_collection(int code, params string[] arguments)
    {
        using var host = new CollectorHost(Sample.Outage);
        Assert.Equal(code, host.Run(arguments).Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Temporary));
    }
}
