using PassthroughTools.Host;
using PassthroughTools.Logs;
using PassthroughTools.Pci;
using PassthroughTools.Text;

namespace PassthroughTools.Evidence;

/// <summary>Reads the files of one host. A file that is missing or unreadable is named and costs only what it would have told.</summary>
internal sealed class HostEvidenceLoader
{
    /// <summary>A log that repeats one message for days must not fill the memory: beyond this many the oldest are dropped, and that is said.</summary>
    private const int MostEvents = 250_000;

    private readonly EvidenceLayout _layout;
    private readonly CancellationToken _cancellation;
    private readonly List<EvidenceFile> _files = [];
    private readonly List<string> _warnings = [];
    private bool _isLogCutOff;

    private HostEvidenceLoader(EvidenceLayout layout, CancellationToken cancellation)
    {
        _layout = layout;
        _cancellation = cancellation;
    }

    /// <summary>Reads the host.</summary>
    /// <param name="layout">Where its files are.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static HostEvidence Load(EvidenceLayout layout, CancellationToken cancellation) => new HostEvidenceLoader(layout, cancellation).Load();

    private HostEvidence Load()
    {
        _warnings.AddRange(_layout.Warnings);
        var json = Try(EvidenceLayout.HostJsonName, _layout.HostJson, file => EvidenceJson.ReadHost(file.Path), "name, version and logical CPUs");
        var stated = Try(EvidenceLayout.VersionName, _layout.Version, Lines(EsxcliVersionReader.Read), "the ESXi version", isOptional: json?.Version is not null);
        if (stated is not null && json?.Version is { } told && told.CompareTo(stated) != 0)
            _warnings.Add(FormattableString.Invariant($"host.json says ESXi {told}, esxcli says {stated}: esxcli's word is taken."));
        var version = stated ?? json?.Version;
        if (stated is { Build: null } && json?.Version?.Build is { } build) version = stated with { Build = build };

        var evidence = new HostEvidence
        {
            HostName = json?.Name ?? _layout.FallbackName,
            Source = _layout.Source,
            Version = version,
            LogicalCpus = json?.LogicalCpus,
            CollectedAt = json?.CollectedAt,
            VectorList = Try(EvidenceLayout.VectorListName, _layout.VectorList, Lines(VsishVectorListReader.Read), "the size of the 5.x vector pool", isOptional: version?.IsAtLeast(6, 0) == true),
            PciDevices = Try(EvidenceLayout.PciListName, _layout.PciList, Lines(EsxcliPciListReader.Read), "the host's devices and who owns them"),
            PassthruDevices = Try(EvidenceLayout.PassthruListName, _layout.PassthruList, Lines(EsxcliPassthruListReader.Read), "which devices are set aside", isOptional: true),
            KernelSettings = Try(EvidenceLayout.KernelListName, _layout.KernelList, Lines(EsxcliKernelSettingReader.Read), "maxIntrCookies and the like"),
            ConfigSpaces = Try(EvidenceLayout.ConfigSpaceName, _layout.ConfigSpace, Lines(PciConfigSpaceReader.Read), "MSI-X table sizes"),
            LogEvents = ReadLogs(_layout.VmkernelLogs, EvidenceLayout.VmkernelName + ".log", "requests, failures and the host's own allocations", EvidenceLayout.VmkernelName),
            VMs = ReadVMs(),
            HasAllVMs = _layout.IsInventory,
        };
        return evidence with { Files = _files, Warnings = _warnings, IsLogCutOff = _isLogCutOff };
    }

    private List<VMEvidence>? ReadVMs()
    {
        if (_layout.VMs is null)
        {
            _files.Add(new EvidenceFile("vms/", EvidenceFileStatus.Missing, "It would tell which VM uses which device."));
            return null;
        }

        return [.. _layout.VMs.Select(vm => VMEvidenceLoader.Load(vm, this))];
    }

    /// <param name="files">Files, oldest first.</param>
    /// <param name="name">What the log is called where it is missing.</param>
    /// <param name="tells">What it would tell; null where it is not missed.</param>
    /// <param name="rotated">Name of the log by which its rotations are counted; null where gaps between them do no harm.</param>
    internal IReadOnlyList<PassthruLogEvent>? ReadLogs(IReadOnlyList<LocatedFile> files, string name, string? tells, string? rotated = null)
    {
        if (files.Count == 0)
        {
            if (tells is not null) _files.Add(new EvidenceFile(name, EvidenceFileStatus.Missing, "It would tell " + tells + "."));
            return null;
        }

        var events = new Queue<PassthruLogEvent>();
        var dropped = 0L;
        var readable = 0;
        var isGap = false;
        LocatedFile? previous = null;
        foreach (var file in files)
        {
            var losses = new List<string>();
            if (rotated is not null && previous is { } older && !EvidenceLayout.IsNext(older, file, rotated))
            {
                isGap = true;
                Warn(file.Name, FormattableString.Invariant($"what was logged between {older.Name} and this file is not in the evidence; what stands before that proves less."));
            }

            previous = file;
            try
            {
                foreach (var entry in LogReader.Read(file.Path, LogQuery.All, diagnostic => { if (diagnostic.IsLoss) losses.Add(diagnostic.Problem.Message); }, _cancellation))
                {
                    events.Enqueue(entry with { File = file.Name, FollowsGap = isGap && events.Count + dropped > 0 });
                    isGap = false;
                    if (events.Count <= MostEvents) continue;
                    events.Dequeue();
                    dropped++;
                }

                readable++;
                _files.Add(new EvidenceFile(file.Name, losses.Count == 0 ? EvidenceFileStatus.Read : EvidenceFileStatus.Partial, losses.Count == 0 ? null : string.Join(" ", losses)));
                foreach (var loss in losses) Warn(file.Name, loss);
                isGap |= losses.Count > 0;
            }
            catch (PassthruException e)
            {
                isGap = true;
                _files.Add(new EvidenceFile(file.Name, EvidenceFileStatus.Unreadable, e.Message));
                Warn(file.Name, e.Message);
            }
        }

        if (rotated is not null) _isLogCutOff = isGap || EvidenceLayout.IsRotation(files[files.Count - 1], rotated);
        if (dropped > 0) _warnings.Add(FormattableString.Invariant($"{name}: more than {MostEvents} events; the oldest {dropped} are not taken into account."));
        return readable == 0 ? null : [.. events];
    }

    /// <summary>Reads a file; what goes wrong is noted against its name.</summary>
    internal T? Try<T>(string name, LocatedFile? file, Func<LocatedFile, T> read, string tells, bool isOptional = false)
        where T : class
    {
        _cancellation.ThrowIfCancellationRequested();
        if (file is null)
        {
            if (!isOptional) _files.Add(new EvidenceFile(name, EvidenceFileStatus.Missing, "It would tell " + tells + "."));
            return null;
        }

        try
        {
            var result = read(file);
            _files.Add(new EvidenceFile(file.Name, EvidenceFileStatus.Read));
            return result;
        }
        catch (PassthruException e)
        {
            _files.Add(new EvidenceFile(file.Name, EvidenceFileStatus.Unreadable, e.Message));
            Warn(file.Name, e.Message);
            return null;
        }
    }

    internal void Warn(string name, string message) => _warnings.Add(name + ": " + message);

    /// <summary>Where a file can be changed later: itself, or, out of an archive, a path that names it and can't be written.</summary>
    internal string PlaceOf(LocatedFile file) => _layout.IsFolder ? file.Path : _layout.Source + "/" + file.Name;

    internal static Func<LocatedFile, T> Lines<T>(Func<IReadOnlyList<string>, string?, T> read) => file => read(TextFile.ReadAllLines(file.Path), file.Name);
}
