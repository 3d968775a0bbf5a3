using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace PassthroughTools.Benchmarks;

/// <summary>
/// Makes vmkernel logs of any size from a seed: lines in the shape of many modules, of all lengths, and few that the reader looks for. A small share
/// of the ordinary lines holds the words that the search has to look at twice (interrupt, vector, passthru).
/// </summary>
internal static class LogCorpus
{
    private const int LinesPerHit = 20_000;
    private const int LinesPerDecoy = 4_000;

    private static readonly Func<Random, string>[] s_ordinary =
    [
        r => $"ScsiDeviceIO: 3469: Cmd(0x45b8c{r.Next():x8}) 0x{Pick(r, "1a", "85", "4d", "28", "2a")}, CmdSN 0x{r.Next(0xFFFFF):x} from world {r.Next(3_000_000)} to dev \"naa.600508b1001c{r.NextInt64(1L << 60):x15}\" failed H:0x0 D:0x2 P:0x0 Valid sense data: 0x5 0x{r.Next(0x40):x} 0x0.",
        r => $"NMP: nmp_ThrottleLogForDevice:3872: Cmd 0x{r.Next(256):x2} (0x45d8c{r.Next():x8}, {r.Next(3_000_000)}) to dev \"naa.6000eb3a{r.NextInt64(1L << 60):x16}\" on path \"vmhba{r.Next(8)}:C0:T{r.Next(16)}:L{r.Next(255)}\" Failed:",
        r => $"StorageApdHandler: 1204: APD start event for 0x4305{r.Next():x8} [naa.6000eb3a{r.NextInt64(1L << 60):x16}]",
        r => $"HBX: 3040: '{Pick(r, "datastore1", "prod-lun-07", "vsanDatastore")}': HB at offset {r.Next(4_000_000)} - Waiting for timed out HB:",
        r => $"  [HB state abcdef02 offset {r.Next(4_000_000)} gen {r.Next(900)} stampUS {r.NextInt64(1L << 40)} uuid {r.Next():x8}-{r.Next():x8}-{r.Next(65536):x4}-{r.NextInt64(1L << 48):x12} jrnl <FB {r.Next(9000)}> drv 24.82 lockImpl 4 ip 10.20.{r.Next(256)}.{r.Next(256)}]",
        r => $"NetPort: 1580: disabled port 0x{r.Next(0x4000000):x7}",
        r => $"Net: 2524: connected {Pick(r, "web", "db", "app", "vdi")}-{r.Next(400):d3}.eth0 to {Pick(r, "VM Network", "dvPortGroup-Prod", "vMotion")}, portID 0x{r.Next(0x4000000):x7}",
        r => $"Vmxnet3: 17265: indLROPktToGuest: 1, vcd->umkShared->vrrsSelected: {r.Next(4)} port 0x{r.Next(0x4000000):x7}",
        r => $"World: vm {r.Next(3_000_000)}: 7076: Starting world vmm{r.Next(16)}:{Pick(r, "web", "db", "app", "vdi")}-{r.Next(400):d3} of type 8",
        r => $"Sched: vm {r.Next(3_000_000)}: 6163: Adding world 'vmm{r.Next(16)}:{Pick(r, "web", "db", "app")}-{r.Next(400):d3}', group 'host/user/pool{r.Next(20)}', cpu: shares=-3 min=0 minLimit=-1 max=-1, mem: shares=-3 min={r.Next(64)}000 minLimit=-1 max=-1",
        r => $"Swap: vm {r.Next(3_000_000)}: 5102: Finish swapping in migration swap file. (faulted {r.Next(99)} pages). Success.",
        r => $"lpfc: lpfc_scsi_cmd_iocb_cmpl:{r.Next(9000)}: {r.Next(8)}:(0):3271: FCP cmd x{r.Next(256):x2} failed <{r.Next(16)}/{r.Next(255)}> sid x{r.Next(0xFFFFFF):x6}, did x{r.Next(0xFFFFFF):x6}, oxid x{r.Next(0xFFFF):x4} SCSI Reservation Conflict -",
        r => $"qlnativefc: vmhba{r.Next(8)}(5:0.{r.Next(2)}): qlnativefcStatusEntry:2011:C0:T{r.Next(16)}:L{r.Next(255)} - FCP command status: 0x15-0x0 (0x{r.Next(16):x}) portid={r.Next(0xFFFFFF):x6} oxid=0x{r.Next(0xFFFF):x} cdb=2a00{r.Next():x8} len={r.Next(512) * 512} rspInfo=0x0 resid=0x0 fwResid=0x0 host status = 0x2 device status = 0x0",
        r => $"ixgben: indrv_UplinkReset:1520: indrv_UplinkReset : vmnic{r.Next(8)} device reset started",
        r => $"i40en: i40en_HandleMddEvent:6521: Malicious Driver Detection event 0x{r.Next(16):x2} on TX queue {r.Next(64)} of vmnic{r.Next(8)}",
        r => $"DVFilter: 6053: Checking disconnected filters for timeouts",
        r => $"J6: 2651: '{Pick(r, "datastore1", "prod-lun-07")}': Exiting async journal replay manager world",
        r => $"FS3Misc: 1759: Long VMFS rsv time on '{Pick(r, "datastore1", "prod-lun-07")}' (held for {r.Next(2000)} msecs). # R: {r.Next(9)}, # W: {r.Next(9)} bytesXfer: {r.Next(99)} sectors",
        r => $"LSOMCommon: IORETRY_handleCompletionOnError:{r.Next(2000)}: Throttled:  0x4540{r.Next():x8} IO type 265 (WRITE) isOrdered:NO isSplit:NO isEncr:YES since {r.Next(99999)} msec status Maximum kernel-level retries exceeded",
        r => $"VSCSI: 6602: handle {r.NextInt64(1L << 50)}(vscsi0:{r.Next(16)}):Destroying Device for world {r.Next(3_000_000)} (pendCom 0)",
        r => $"MemSched: 14656: extended swap to {r.Next(99999)} pgs",
        r => $"VMotion: 5066: {r.NextInt64(long.MaxValue)} D: Set ip address '10.20.{r.Next(256)}.{r.Next(256)}' worldlet affinity to recv World ID {r.Next(3_000_000)}",
        r => $"Tcpip_Vmk: 220: Affinitizing 10.20.{r.Next(256)}.{r.Next(256)} to world {r.Next(3_000_000)}, Success",
        r => $"UserDump: 3155: hostd-worker: Dumping cartel {r.Next(3_000_000)} (from world {r.Next(3_000_000)}) to file /var/core/hostd-worker-zdump.00{r.Next(9)} ...",
        r => $"Config: 706: \"SIOControlFlag2\" = {r.Next(2)}, Old Value: {r.Next(2)}, (Status: 0x0)",
        r => $"iscsi_vmk: iscsivmk_ConnReceiveAtomic:517: vmhba64:CH:{r.Next(2)} T:{r.Next(9)} CN:0: Failed to receive data: Connection closed by peer",
        r => $"Hardware: 4018: BMC: SEL clock differs from the system clock by {r.Next(99)} s",
        r => $"Vol3: 1249: Couldn't read volume header from {Pick(r, "mpx.vmhba32:C0:T0:L0:5", "naa.600508b1001c0001:1")}: I/O error",
    ];

    private static readonly Func<Random, string>[] s_decoys =
    [
        r => $"nmlx5_core: vmnic{r.Next(8)}: nmlx5_en_SetCoalesce - interrupt moderation set to {r.Next(99)} us",
        r => $"ScsiPath: 8398: Retry vector reset on path vmhba{r.Next(8)}:C0:T{r.Next(16)}:L{r.Next(99)}",
        r => $"PCIPassthru: 1750: Disable Domain for device 0000:{r.Next(256):x2}:00.{r.Next(8)}",
        r => $"VTD: 622: IOMMU unit {r.Next(4)} enabled",
    ];

    private static readonly Func<Random, string>[] s_hits =
    [
        _ => "WARNING: IntrVector: 233: Out of interrupt vectors",
        r => $"MSI: 570: Couldn't allocate a vector number {r.Next(32)} for device 000:{r.Next(256):d3}:00.0",
        _ => "VMKPCIPassthru: 2454: Failed to allocate 32 MSIX vectors",
        r => $"VMKPCIPassthru: 2565: BDF = {r.Next(256):d3}:00.{r.Next(2)} intrType = 4 numVectors: {r.Next(1, 65)}",
        r => $"VMK_PCI: 617: 0000:{r.Next(256):x2}:00.{r.Next(2)}: allocated {r.Next(1, 130)} MSIX interrupts",
        r => $"IntrCookie: FreeMSIX:1669: Freeing {r.Next(1, 130)} cookie(s) for device 0000:{r.Next(256):x2}:00.0",
        _ => "WARNING: IntrCookie: 515: Unable to find a free interrupt number",
        r => $"PCIPassthru: 3873: pcipDevInfo(0x4317{r.Next():x8}) allocated for 0000:{r.Next(256):x2}:00.0",
    ];

    /// <summary>Writes a log.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="length">Its length in bytes, at least.</param>
    /// <param name="seed">Same seed, same log.</param>
    public static void Write(Stream target, long length, int seed)
    {
        var random = new Random(seed);
        var time = new DateTime(2023, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        var builder = new StringBuilder(1 << 20);
        for (long line = 1, written = 0; written < length; line++)
        {
            time = time.AddMilliseconds(random.Next(2000));
            builder.Append(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
                .Append(" cpu").Append(random.Next(64)).Append(':').Append(random.Next(2_097_152, 2_600_000));
            if (random.Next(20) == 0) builder.Append(" opID=").Append(random.Next().ToString("x8", CultureInfo.InvariantCulture));
            builder.Append(')');
            var templates = line % LinesPerHit == 0 ? s_hits : line % LinesPerDecoy == 0 ? s_decoys : s_ordinary;
            builder.Append(templates[random.Next(templates.Length)](random)).Append('\n');

            if (builder.Length < 1 << 20 && written + builder.Length < length) continue;
            var bytes = Encoding.UTF8.GetBytes(builder.ToString());
            target.Write(bytes);
            written += bytes.Length;
            builder.Clear();
        }
    }

    /// <summary>Writes a log to a file, and a compressed copy beside it.</summary>
    public static void WriteFiles(string path, long length, int seed)
    {
        using (var file = File.Create(path)) Write(file, length, seed);
        using var source = File.OpenRead(path);
        using var target = File.Create(path + ".gz");
        using var gzip = new GZipStream(target, CompressionLevel.Optimal);
        source.CopyTo(gzip);
    }

    private static string Pick(Random random, params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
