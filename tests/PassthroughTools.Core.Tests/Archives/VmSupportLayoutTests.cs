using PassthroughTools.Evidence.Archives;

namespace PassthroughTools.Tests.Archives;

public sealed class VmSupportLayoutTests : IDisposable
{
    private readonly TestArchives _make = new();

    public void Dispose() => _make.Dispose();

    [Theory]
    [InlineData("commands/localcli_hardware-pci-list.txt", EvidenceFileRole.PciList)]
    [InlineData("commands/localcli_hardware-pci-pcipassthru-list.txt", EvidenceFileRole.PassthruList)]
    [InlineData("commands/localcli_system-settings-kernel-list.txt", EvidenceFileRole.KernelSettings)]
    [InlineData("commands/localcli_system-settings-kernel-list--d.txt", EvidenceFileRole.KernelSettingsDelta)]
    [InlineData("commands/localcli_system-version-get.txt", EvidenceFileRole.Version)]
    [InlineData("commands/vmware_-vl.txt", EvidenceFileRole.Version)]
    [InlineData("commands/vsish_-e-ls-hardwareinterruptsvectorList.txt", EvidenceFileRole.VectorList)]
    [InlineData("commands/lspci_-p.txt", EvidenceFileRole.LspciTable)]
    [InlineData("commands/lspci_-e.txt", EvidenceFileRole.ConfigSpace)]
    [InlineData("var/run/log/vmkernel.log", EvidenceFileRole.VmkernelLog)]
    [InlineData("var/run/log/vmkernel.0.gz", EvidenceFileRole.VmkernelLog)]
    [InlineData("var/log/vmkernel.1.log.gz", EvidenceFileRole.VmkernelLog)]
    [InlineData("scratch/log/vmkernel.log", EvidenceFileRole.VmkernelLog)]
    [InlineData("etc/vmware/esx.conf", EvidenceFileRole.EsxConf)]
    [InlineData("vmfs/volumes/ds1/vm 1/vm 1.vmx", EvidenceFileRole.VmConfiguration)]
    [InlineData("vmfs/volumes/ds1/vm 1/vmware-12.log.gz", EvidenceFileRole.VmwareLog)]
    public void Paths_have_their_role_with_and_without_the_outer_folder(string path, EvidenceFileRole role)
    {
        Assert.True(VmSupportLayout.TryClassify(path, out var bare, out _));
        Assert.True(VmSupportLayout.TryClassify("esx-h1-2026-02-07--09.29-1/" + path, out var within, out _));
        Assert.Equal((role, role), (bare, within));
    }

    [Theory]
    [InlineData("commands/vsi_traverse_-s.txt")]
    [InlineData("commands/lspci.txt")]
    [InlineData("commands/lspci_-v.txt")]
    [InlineData("commands/localcli_hardware-pci-list.txt.bak")]
    [InlineData("var/run/log/vmkwarning.log")]
    [InlineData("var/run/log/vmkernel.logx")]
    [InlineData("vmfs/volumes/ds1/vm1/vm1.vmx~")]
    [InlineData("vmfs/volumes/ds1/vm1/vm1.vmxf")]
    [InlineData("vmfs/volumes/ds1/stray.vmx")]
    [InlineData("a/b/commands/localcli_hardware-pci-list.txt")]
    [InlineData("")]
    public void Other_paths_are_not_wanted(string path) => Assert.False(VmSupportLayout.IsWanted(path));

    [Fact]
    public void A_bundle_is_sorted_out_by_host_and_VM()
    {
        using var source = EvidenceFiles.Open(
            _make.Tgz(
                ("esx-esx01.example.org-2026-02-07--09.29-2099897/commands/localcli_hardware-pci-list.txt.FRAG-00000", "A"),
                ("esx-esx01.example.org-2026-02-07--09.29-2099897/commands/localcli_hardware-pci-list.txt.FRAG-00001", "B"),
                ("esx-esx01.example.org-2026-02-07--09.29-2099897/commands/vsi_traverse_-s.txt", "big"),
                ("esx-esx01.example.org-2026-02-07--09.29-2099897/vmfs/volumes/ds1/web/web.vmx", "x"),
                ("esx-esx01.example.org-2026-02-07--09.29-2099897/vmfs/volumes/ds1/web/vmware.log", "y"),
                ("esx-esx01.example.org-2026-02-07--09.29-2099897/var/run/log/vmkernel.log", "z")),
            VmSupportLayout.IsWanted, null, TestContext.Current.CancellationToken);
        var bundle = VmSupportLayout.Map(source);
        Assert.True(VmSupportLayout.IsBundle(source));
        Assert.Equal("esx01.example.org", bundle.HostName);
        Assert.Equal(
            [
                (EvidenceFileRole.PciList, null, "commands/localcli_hardware-pci-list.txt"),
                (EvidenceFileRole.VmkernelLog, null, "var/run/log/vmkernel.log"),
                (EvidenceFileRole.VmConfiguration, "ds1/web", "vmfs/volumes/ds1/web/web.vmx"),
                (EvidenceFileRole.VmwareLog, "ds1/web", "vmfs/volumes/ds1/web/vmware.log"),
            ],
            bundle.Files.Select(file => (file.Role, file.VmFolder, file.Entry.Path)));
    }

    [Fact]
    public void A_log_that_lies_in_two_places_is_taken_once()
    {
        using var source = EvidenceFiles.Open(
            _make.Tgz(("e/var/log/vmkernel.log", "z"), ("e/var/run/log/vmkernel.log", "zz"), ("e/scratch/log/vmkernel.0.gz", "x")),
            VmSupportLayout.IsWanted, null, TestContext.Current.CancellationToken);
        var bundle = VmSupportLayout.Map(source);
        Assert.Equal(["scratch/log/vmkernel.0.gz", "var/run/log/vmkernel.log"], bundle.Files.Select(file => file.Entry.Path));
        Assert.Single(bundle.Warnings);
    }

    [Fact]
    public void An_evidence_folder_is_no_bundle()
    {
        _make.Write("esxcli-hardware-pci-list.txt", []);
        using var source = EvidenceFiles.Open(_make.Folder, _ => true, null, TestContext.Current.CancellationToken);
        Assert.False(VmSupportLayout.IsBundle(source));
    }
}
