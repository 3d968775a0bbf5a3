using PassthroughTools.Evidence;
using PassthroughTools.IO;
using PassthroughTools.Vmx;

namespace PassthroughTools.Remediation;

/// <summary>Changes a .vmx on disk: only when its VM is off, only when it is as it was read, and whole or not at all.</summary>
public sealed class VmxFileEditor
{
    private const string Extension = ".vmx";

    private readonly FileStamp _stamp;

    private VmxFileEditor(VmxDocument document, FileStamp stamp, string path) => (Document, _stamp, Path) = (document, stamp, path);

    /// <summary>The file's content; what is changed in it reaches the disk with <see cref="Save"/>.</summary>
    public VmxDocument Document { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads a .vmx to look at it or to change it.</summary>
    /// <param name="path">File.</param>
    /// <exception cref="PassthruException">
    /// <see cref="InputErrors"/>; <see cref="VmxErrors.Encrypted"/>, since what can't be seen can't be told to be absent;
    /// <see cref="VmxErrors.NotVmx"/> also for a .vmx that lost its content.
    /// </exception>
    public static VmxFileEditor Open(string path)
    {
        var stamp = FileStamp.Read(path, out var bytes);
        var document = VmxDocument.Parse(bytes, path);
        if (document.Entries.Count == 0) throw VmxErrors.NotVmx.For(path, path);
        if (document.IsEncrypted) throw VmxErrors.Encrypted.For(path, path);
        return new VmxFileEditor(document, stamp, path);
    }

    /// <summary>Reads, edits and replaces the file. Nothing is written where the edit changes nothing.</summary>
    /// <param name="path">File.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    /// <returns>True when the file was written.</returns>
    /// <exception cref="PassthruException">As <see cref="Open"/> and <see cref="Save"/>, or what the edit throws.</exception>
    public static bool Edit(string path, Action<VmxDocument> edit, IFileOperations? operations = null)
    {
        var editor = Open(path);
        edit(editor.Document);
        return editor.Save(operations);
    }

    /// <summary>The .vmx that a path stands for: itself, or the only one in a VM's folder.</summary>
    /// <param name="path">File or folder.</param>
    /// <exception cref="PassthruException"><see cref="RemediationErrors.VmxMissing"/>, <see cref="RemediationErrors.VmxAmbiguous"/> or <see cref="InputErrors.Unreadable"/>.</exception>
    public static string Locate(string path)
    {
        if (!Directory.Exists(path)) return path;

        // Windows takes the pattern *.vmx for *.vmxf as well.
        var found = List(path, "*" + Extension).Where(file => file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && File.Exists(file)).ToList();
        return found.Count switch
        {
            0 => throw RemediationErrors.VmxMissing.For(path, path),
            1 => found[0],
            _ => throw RemediationErrors.VmxAmbiguous.For(path, path, string.Join(", ", found.Select(System.IO.Path.GetFileName))),
        };
    }

    /// <summary>Refuses a file whose VM is not off or is being edited, as far as the files beside it tell.</summary>
    /// <param name="path">The .vmx.</param>
    /// <exception cref="PassthruException">
    /// <see cref="RemediationErrors.VMLocked"/>, <see cref="RemediationErrors.VMPoweredOn"/>, <see cref="RemediationErrors.VMSuspended"/>, or what
    /// keeps vm.json from being read: a state that can't be read is not taken for off.
    /// </exception>
    public static void RequireIdle(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var own = path + ".lck";

        // On NFS the lock files' names tell nothing of whose they are, only that the folder's VM is in use.
        var held = File.Exists(own) || Directory.Exists(own) ? own : List(folder, ".lck-*").FirstOrDefault();
        if (held is not null) throw RemediationErrors.VMLocked.For(path, path, System.IO.Path.GetFileName(held));
        var json = System.IO.Path.Combine(folder, VMLayout.VMJsonName);
        if (!File.Exists(json)) return;
        switch (EvidenceJson.ReadVM(json).PowerState)
        {
            case VMPowerState.PoweredOn:
                throw RemediationErrors.VMPoweredOn.For(path, path, VMLayout.VMJsonName);
            case VMPowerState.Suspended:
                throw RemediationErrors.VMSuspended.For(path, path, VMLayout.VMJsonName);
            default:
                return;
        }
    }

    /// <summary>Refuses an entry that is no whole PCI function.</summary>
    /// <param name="slot">Entry of <see cref="Document"/>.</param>
    /// <exception cref="PassthruException"><see cref="RemediationErrors.SlotNotSettable"/>.</exception>
    public void RequireSettable(PassthruSlot slot) => RequireSettable(slot, VMPassthruMsiMode.From(Document, slot));

    /// <summary>Refuses an entry that is no whole PCI function, or that no entry proves to be the device's.</summary>
    /// <param name="slot">Entry.</param>
    /// <param name="entry">Its record, for the error.</param>
    /// <exception cref="PassthruException"><see cref="RemediationErrors.SlotNotSettable"/> or <see cref="RemediationErrors.SlotNotProven"/>.</exception>
    public static void RequireSettable(PassthruSlot slot, VMPassthruMsiMode entry)
    {
        if (!IsSettable(slot)) throw RemediationErrors.SlotNotSettable.For(entry, entry, slot.Kind == PassthruSlotKind.SriovVf ? "a virtual function of an SR-IOV adapter" : "no passed-through function");
        if (slot.IsSlotInferred) throw RemediationErrors.SlotNotProven.For(entry, entry);
    }

    /// <summary>Whether an entry's <c>msiEnabled</c> may be set: a whole function, named by its address or chosen at power-on.</summary>
    /// <param name="slot">Entry.</param>
    public static bool IsSettable(PassthruSlot slot) => slot.Kind == PassthruSlotKind.Passthrough || slot is { Kind: PassthruSlotKind.Unknown, IsDynamic: true };

    /// <summary>Replaces the file with what <see cref="Document"/> has become. Nothing is written where nothing differs.</summary>
    /// <param name="operations">File operations; the real ones when null.</param>
    /// <returns>True when the file was written.</returns>
    /// <exception cref="PassthruException">As <see cref="RequireIdle"/>, or any of <see cref="FileErrors"/>: <see cref="FileErrors.Changed"/> where the file is not as it was read.</exception>
    public bool Save(IFileOperations? operations = null)
    {
        var changed = Document.ToBytes();
        if (FileStamp.Of(changed) == _stamp) return false;
        RequireIdle(Path);
        AtomicFile.Replace(Path, changed, _stamp, operations);
        return true;
    }

    private static List<string> List(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder, pattern).OrderBy(entry => entry, StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException e)
        {
            throw InputErrors.NotFound.Because(e, folder, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputErrors.Unreadable.Because(e, folder, folder, e.Message);
        }
    }
}
