using System.IO.Compression;
using System.Text;
using CsCheck;

namespace PassthroughTools.Tests.Evidence;

/// <summary>A host's evidence that is full of identifiers in every spelling that ESXi and guests use.</summary>
internal sealed record RedactionCase(string Host, string Domain, string VM, string Store, byte[] Uuid, byte[] Mac, byte[] Wwn, byte[] Serial, string Address4, string Address6, string SerialText, string User)
{
    private static readonly Gen<string> Letters = CsCheck.Gen.Char["ghjkmqrtwyz"].Array[5, 9].Select(characters => new string(characters));

    private static readonly string[] Decorations = ["", " two", " (new)", "-01", "'s", " \"q\"", " ü", "&co", " 数据", "$x"];

    // At least one letter in the first byte, none zero: a decimal or empty number is no identifier.
    private static Gen<byte[]> Bytes(int count) => CsCheck.Gen.Byte[1, 254].Array[count].Select(bytes => (byte[])[0xa1, .. bytes[1..]]);

    public static Gen<RedactionCase> Gen { get; } =
        from host in Letters
        from domain in Letters
        from vm in Letters
        from decoration in CsCheck.Gen.Int[0, Decorations.Length - 1].Select(n => Decorations[n])
        from store in Letters
        from uuid in Bytes(16)
        from mac in Bytes(6)
        from wwn in Bytes(8)
        from serial in Bytes(8)
        from octets in CsCheck.Gen.Int[128, 250].Array[4] // not 127: a loopback address identifies nobody and stays
        from groups in CsCheck.Gen.Int[0x1000, 0xffff].Array[4]
        from number in CsCheck.Gen.Int[100000, 999999]
        from user in Letters
        select new RedactionCase(host, domain + ".example", "vm" + vm + decoration, "st" + store, uuid, mac, wwn, serial,
            string.Join(".", octets), FormattableString.Invariant($"fd12:{groups[0]:x}::{groups[1]:x}:{groups[2]:x}"), FormattableString.Invariant($"CZJ{number}Q"), "u" + user);

    /// <summary>Everything that must not be found afterwards.</summary>
    public IEnumerable<string> Spellings =>
    [
        Host, Domain, "mail." + Domain, $"v{Store}q.", VM.Split(' ', '"')[0], Store, Address4, Address6, SerialText, User,
        UuidDashed, VmxUuid, VmfsUuid, Hex(Mac), Pairs(Mac, ":"), Hex(Wwn), Pairs(Wwn, ":"), Pairs(Serial, "-"),
    ];

    private string UuidDashed => new Guid(Hex(Uuid)).ToString();

    private string VmxUuid => Pairs(Uuid[..8], " ") + "-" + Pairs(Uuid[8..], " ");

    private string VmfsUuid => Hex(Uuid[..4]) + "-" + Hex(Uuid[4..8]) + "-" + Hex(Uuid[8..10]) + "-" + Hex(Mac);

    public void Write(string folder)
    {
        var vm = Directory.CreateDirectory(Path.Combine(folder, "vms", VM)).FullName;
        void Text(string path, string text) => File.WriteAllText(path, text, new UTF8Encoding(false));
        var json = System.Text.Json.JsonSerializer.Serialize(VM);
        Text(Path.Combine(folder, "host.json"), $$"""{ "schemaVersion": 1, "name": "{{Host}}.{{Domain}}", "version": "8.0.2", "logicalCpus": 32 }""");
        Text(Path.Combine(folder, "vmkernel.log"), string.Join("\n",
            $"2024-05-01T00:00:00.000Z In(182) vmkernel: cpu1:1)VMKPCIPassthru: 2565: BDF = 0000:1a:00.0 intrType = 4 numVectors: 16",
            $"2024-05-01T00:00:00.000Z In(182) vmkernel: cpu1:1)World: vm 1: 1610: starting world vmm0:{VM} with flags 8",
            $"2024-05-01T00:00:01.000Z In(182) vmkernel: cpu1:1)Vol3: mounted /vmfs/volumes/{Store}/{VM}/{VM}.vmx on {VmfsUuid} uuid {UuidDashed}",
            $"2024-05-01T00:00:02.000Z In(182) vmkernel: cpu1:1)lpfc: port {Pairs(Wwn, ":").ToUpperInvariant()} wwn 0x{Hex(Wwn)} naa.{Hex(Wwn)} mac {Pairs(Mac, ":")} raw {Hex(Mac)}",
            $"2024-05-01T00:00:03.000Z In(182) vmkernel: cpu1:1)route to {Address4} and [{Address6}] by user '{User}' from {User}@mail.{Domain} via v{Store}q.{Domain} on {Host.ToUpperInvariant()}",
            $"2024-05-01T00:00:04.000Z In(182) vmkernel: cpu1:1)Serial Number: {SerialText}, slot of {SerialText}") + "\n");
        using (var packed = new GZipStream(File.Create(Path.Combine(folder, "vmkernel.0.gz")), CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes($"2024-04-01T00:00:00.000Z In(182) vmkernel: cpu1:1)[{Store}] {VM}/{VM}.vmdk {Address4}:902 {Host}.{Domain} {Pairs(Mac, ":")}\n"));
        }

        Text(Path.Combine(vm, VM + ".vmx"), string.Join("\n",
            ".encoding = \"UTF-8\"",
            $"displayName = \"{VM.Replace("\"", "|22", StringComparison.Ordinal)}\"",
            $"uuid.bios = \"{VmxUuid}\"",
            $"ethernet0.generatedAddress = \"{Pairs(Mac, ":")}\"",
            $"annotation = \"ask {User} of {Domain}\"",
            "guestOS = \"windows2019srv-64\"", "pciPassthru0.present = \"TRUE\"", "pciPassthru0.id = \"00000:026:00.0\"", "pciPassthru0.deviceId = \"0xf100\"", "pciPassthru0.vendorId = \"0x10df\"",
            $"pciPassthru0.systemId = \"{UuidDashed}\"") + "\n");
        Text(Path.Combine(vm, "vm.json"), $$"""{ "schemaVersion": 1, "name": {{json}}, "powerState": "poweredOn" }""");
        Text(Path.Combine(vm, "guest-fc-ports.txt"), $"{Pairs(Wwn, ":")} Online 8 Gbit\n0x{Hex(Wwn)} Online 8 Gbit\n");
        Text(Path.Combine(vm, "guest-lspci.txt"), $"1a:00.0 Fibre Channel [0c04]: Emulex [10df:f100]\n\tCapabilities: [100 v1] Device Serial Number {Pairs(Serial, "-")}\n");
        var hidden = string.Join(",", Encoding.Unicode.GetBytes(Host + "\0" + Address4 + "\0\0").Select(value => value.ToString("x2")));
        File.WriteAllText(Path.Combine(vm, "guest-pci.reg"), string.Join("\r\n",
            "Windows Registry Editor Version 5.00", "",
            $@"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_10DF&DEV_F100&SUBSYS_F10010DF&REV_03\{Hex(Serial).ToUpperInvariant()}00]",
            $"\"DeviceDesc\"=\"port {Pairs(Wwn, ":")} of {Host}\"", "\"Hidden\"=hex(7):" + hidden, $"\"Raw\"=hex:{Pairs(Mac, ",")},00", ""), Encoding.Unicode);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Pairs(byte[] bytes, string separator) => string.Join(separator, bytes.Select(value => value.ToString("x2")));
}
