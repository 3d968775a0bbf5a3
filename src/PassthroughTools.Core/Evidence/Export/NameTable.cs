using System.Net;
using System.Text;
using System.Text.Json;

namespace PassthroughTools.Evidence.Export;

/// <summary>What a name stands for.</summary>
internal enum NameKind
{
    Host,
    Domain,
    VM,
    Datastore,
    Network,
    User,
    Serial,
}

/// <summary>
/// The names that occur in the evidence, each with its alias. Aliases are numbered in the order of the names, so that whatever is sorted by name stays
/// in its order. A name that is part of a word of the file formats ("vmx", "0", "f100") can't be replaced wherever its letters occur without spoiling the
/// evidence: it is replaced only where it stands as a name.
/// </summary>
internal sealed class NameTable
{
    // What the readers look for. A name that is a part of any of these words is replaced only where it stands as a name.
    private const string Vocabulary =
        """
        host.json vm.json vms/ vsish-vectorList.txt esxcli-hardware-pci-list.txt esxcli-hardware-pci-pcipassthru-list.txt esxcli-system-settings-kernel-list.txt
        esxcli-system-version-get.txt lspci-config.txt guest-pci.reg guest-lspci.txt guest-fc-ports.txt vmkernel.log vmware.log .vmx .vmdk .nvram .gz vmkwarning vmkalert
        schemaVersion name version build logicalCpus collectedAt powerState poweredOn poweredOff suspended guestId hardwareVersion Releasebuild Update Product VMware ESXi ESX
        .encoding UTF-8 windows-1252 config.version virtualHW.version pciPassthru present deviceId vendorId systemId pciSlotNumber msiEnabled BYPASS TRUE FALSE pciBridge pcieRootPort
        displayName guestOS windows7srv-64 windows2019srvNext_64Guest rhel8_64Guest centos ubuntu debian linux other sles oracle freebsd solaris darwin virtualDev functions
        memSize numvcpus cpuid coresPerSocket uuid.bios uuid.location vc.uuid sched.mem.minSize sched.mem.pin scsi sata nvme fileName deviceType scsi-hardDisk pvscsi lsilogic
        ethernet vmxnet3 e1000e networkName addressType generated generatedAddress static vpx svga vmci hpet usb sound serial floppy cdrom encryption.keySafe encryption.data
        allowedDevices pfId MACAddressType dvs.portId annotation guestinfo machine.id toolScripts firmware efi bios
        IntrVector Out of interrupt vectors MSI Couldn't allocate a vector number for device VMKPCIPassthru PCIPassthru Failed to allocate MSIX INTx BDF intrType numVectors VMK_PCI allocated interrupts
        numDesired numRequired intrVirt unsupported control table size fmask enable MSIX_AllocateVectors Allocated vector on CPU index IntrCookie FreeMSIX Freeing cookie(s) ReleaseInterrupt Releasing
        Unable to find a free interrupt number received on invalid vector ignoring Interrupt allocation failed with status failed to register error code PCIPassthruChangeIntrSettings
        Enable with zero vector programmed total number of pages needed exceeds limit failing barIndex type realaddr flags pcipDevInfo destroyed state caused an IOMMU fault VTD Addr Disable Domain
        boot Loading module Init TSC World vmm Hardware logical processors packages are up owned by set aside virtual machines claimed function registered opID WARNING ALERT vmkernel: cpu vmx DICT
        Address Segment Bus Slot Function VMkernel Name Vendor Name Device Name Configured Owner Current Owner VM Passthru Vendor ID SubVendor Class Programming Interface Revision Line IRQ PCI Pin Spawned
        Module ID None Chassis Physical Slot Description Capable Parent Dependent Reset Method FPT Sharable NUMA Node Device Layer Extended Enabled Unknown true false Bool uint32 String Configured Runtime Default Type
        intrFirstMsixVector maxIntrCookies iovDisableIR intrVectRetireTimeMS intrBalancingEnabled disableMSI noIOMMU vtdEnablePostedIntr maxPCPUS enablePCIEHotplug
        Windows Registry Editor Version HKEY_LOCAL_MACHINE SYSTEM CurrentControlSet Enum VEN_ DEV_ SUBSYS_ REV_ Device Parameters Interrupt Management MessageSignaledInterruptProperties Affinity Policy
        MSISupported MessageNumberLimit DevicePolicy DevicePriority AssignmentSetOverride DeviceDesc LocationInformation Capabilities UINumber ContainerID HardwareID CompatibleIDs ClassGUID Class Driver Mfg Service ConfigFlags
        FriendlyName Properties LogConf dword: hex: hex(7): SCSIAdapter Net Display controller bridge Subsystem Kernel driver in use modules Capabilities: MSI-X: Enable+ Count= Masked Region Memory at Interrupt: pin routed latency Control: Status:
        Ethernet Fibre Channel Non-Volatile memory USB SATA RAID Host bridge Emulex Intel Corporation Mellanox NVIDIA Broadcom QLogic LightPulse Storport Miniport oem.inf pci.sys
        WWPN State Speed Online Offline Linkdown Gbit Link Up Down datastore VM Network Management vSwitch vmnic vmhba vmk sfc mpt lpfc qlnativefc ixgben i40en icen nmlx ntg3 bnxt lsi_mr3 vmw_ahci nvme_pcie
        root local localhost default user guest test-vm vm- host- net- store- domain- user- redacted invalid serial scratch tardisks locker log
        """;

    private static readonly System.Text.RegularExpressions.Regex NumberedWord = IdentifierPatterns.Make(
        @"\A(?:p?cpu|vmm|vmnic|vmhba|vmk|ethernet|scsi|sata|nvme|ide|usb|pcipassthru|pcibridge|msix?|vmx-|x|0x|in|wa|al)[0-9.]*\z|\A[0-9a-f]{1,3}\z|\A[\W\d_]*\z");

    private static readonly string[] EveryonesUsers =
        ["root", "vpxuser", "dcui", "admin", "administrator", "system", "nobody", "daemon", "user", "guest", "none", "null", "unknown", "vmware", "vmkernel", "local", "service", "invalid"];

    private static readonly System.Text.RegularExpressions.Regex Number = IdentifierPatterns.Make(@"\A[0-9a-f]{4,16}\z");

    private readonly HashSet<string> _reserved = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, NameKind> _names = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, string> _aliases = [];

    /// <summary>Names that are replaced only where they stand as names.</summary>
    public IEnumerable<string> Partial => _aliases.Keys.Where(name => !IsDistinct(name)).OrderBy(name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All names with their kind and alias.</summary>
    public IEnumerable<(NameKind Kind, string Name, string Alias)> All => _aliases.Select(pair => (_names[pair.Key], pair.Key, pair.Value));

    /// <summary>Numbers that the evidence needs, such as device identifiers: a VM of that name is one of the partial ones.</summary>
    public void Reserve(int? number)
    {
        if (number is { } value) _reserved.Add(value.ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Adds a host's name, with its domain.</summary>
    public void AddHost(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || IPAddress.TryParse(name, out _)) return;
        var dot = name!.IndexOf('.');
        Add(NameKind.Host, dot > 0 ? name.Substring(0, dot) : name);
        if (dot <= 0 || dot == name.Length - 1) return;
        var domain = name.Substring(dot + 1);
        if (domain.IndexOf('.') > 0) Add(NameKind.Domain, domain);
        else Add(NameKind.Host, name);
    }

    /// <summary>Adds a name; the first kind that it is met as counts.</summary>
    public void Add(NameKind kind, string? name)
    {
        name = name?.Trim();
        if (string.IsNullOrEmpty(name) || name!.Length > 200) return;
        if (kind == NameKind.User)
        {
            if (EveryonesUsers.Contains(name, StringComparer.OrdinalIgnoreCase) || name.All(char.IsDigit)) return;
            var at = name.IndexOf('@');
            if (at > 0) name = name.Substring(0, at);
        }

        // A datastore or network that is called what the installer calls it identifies nobody; and a store may be named by its UUID, which has a pattern.
        if (kind is NameKind.Datastore or NameKind.Network or NameKind.User or NameKind.Serial && !IsDistinct(name)) return;
        if (!_names.ContainsKey(name)) _names[name] = kind;
    }

    /// <summary>Gives every name its alias; no name can be added afterwards.</summary>
    public void Freeze(RedactionMap map)
    {
        _aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var kind in _names.GroupBy(pair => pair.Value))
        {
            var n = 0;
            foreach (var name in kind.Select(pair => pair.Key).OrderBy(name => name, StringComparer.OrdinalIgnoreCase))
            {
                n++;
                var alias = kind.Key == NameKind.Serial ? "SN" + map.Digits("serial " + name.ToUpperInvariant(), 12).ToUpperInvariant() : Alias(kind.Key, map, n);
                _aliases[name] = alias;
                map.Note(kind.Key.ToString(), name, alias);
            }
        }
    }

    /// <summary>The alias of a name that stands as a whole.</summary>
    public string? Find(string name) => _aliases.TryGetValue(name, out var alias) ? alias : null;

    /// <summary>Every spelling of the names that are replaced wherever they occur, with the alias.</summary>
    public Dictionary<string, string> Spellings(bool bounded)
    {
        var spellings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in _aliases)
        {
            // What looks like a number ("db01") counts only as a word of its own.
            var isWord = _names[pair.Key] is NameKind.User or NameKind.Serial or NameKind.Network || Number.IsMatch(pair.Key);
            if (!IsDistinct(pair.Key) || isWord != bounded) continue;
            foreach (var spelling in SpellingsOf(pair.Key)) spellings[spelling] = pair.Value;
        }

        return spellings;
    }

    /// <summary>As it is, as JSON, .vmx and URLs write it; and each as UTF-8 looks to a reader of Latin-1.</summary>
    public static IEnumerable<string> SpellingsOf(string name)
    {
        var vmx = new StringBuilder();
        foreach (var character in name) vmx.Append(character is '"' or '|' or '#' ? FormattableString.Invariant($"|{(int)character:X2}") : character.ToString());
        var json = JsonEncodedText.Encode(name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        var all = new[] { name, vmx.ToString(), json, JsonEncodedText.Encode(name).ToString(), Uri.EscapeDataString(name), name.Replace("\"", "\\\""), name.Replace(" ", "\\ ") };
        return all.Concat(all.Select(AsLatin1)).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static string AsLatin1(string text) => Encoding.GetEncoding("iso-8859-1").GetString(Encoding.UTF8.GetBytes(text));

    private static string Alias(NameKind kind, RedactionMap map, int n)
    {
        var tag = "k" + map.Digits("tag " + kind, 3);
        return kind switch
        {
            NameKind.Host => FormattableString.Invariant($"host-{tag}-{n:d4}"),
            NameKind.Domain => FormattableString.Invariant($"domain-{tag}-{n:d4}.invalid"),
            NameKind.Datastore => FormattableString.Invariant($"store-{tag}-{n:d4}"),
            NameKind.Network => FormattableString.Invariant($"net-{tag}-{n:d4}"),
            NameKind.User => FormattableString.Invariant($"user-{tag}-{n:d4}"),
            _ => FormattableString.Invariant($"vm-{tag}-{n:d4}"),
        };
    }

    private bool IsDistinct(string name) =>
        name.Length >= 3 && !_reserved.Contains(name) && Vocabulary.IndexOf(name, StringComparison.OrdinalIgnoreCase) < 0 && !NumberedWord.IsMatch(name);
}
