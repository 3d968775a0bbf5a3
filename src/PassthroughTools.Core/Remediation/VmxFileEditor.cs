using PassthroughTools.Evidence;
using PassthroughTools.IO;
using PassthroughTools.Vmx;

namespace PassthroughTools.Remediation;

/// <summary>Changes a .vmx on disk: only when its VM is off, only when it is as it was read, and whole or not at all.</summary>
public static class VmxFileEditor
{
    /// <summary>Reads, edits and replaces the file. Nothing is written where the edit changes nothing.</summary>
    /// <param name="path">File.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    /// <returns>True when the file was written.</returns>
    /// <exception cref="PassthruException"><see cref="RemediationErrors"/>, <see cref="FileErrors"/>, <see cref="VmxErrors"/> or what the edit throws.</exception>
    public static bool Edit(string path, Action<VmxDocument> edit, IFileOperations? operations = null)
    {
        var stamp = Read(path, out var bytes);
        var document = VmxDocument.Parse(bytes, path);
        edit(document);
        var changed = document.ToBytes();
        if (FileStamp.Of(changed) == stamp) return false;
        RequireIdle(path);
        AtomicFile.Replace(path, changed, stamp, operations);
        return true;
    }

    /// <summary>Refuses a file whose VM is running or being edited, as far as the files beside it tell.</summary>
    /// <param name="path">The .vmx.</param>
    /// <exception cref="PassthruException"><see cref="RemediationErrors.VMLocked"/> or <see cref="RemediationErrors.VMPoweredOn"/>.</exception>
    public static void RequireIdle(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var own = path + ".lck";
        var other = File.Exists(own) || Directory.Exists(own) ? own : Directory.EnumerateFileSystemEntries(folder, ".lck-*").FirstOrDefault();
        if (other is not null) throw RemediationErrors.VMLocked.For(path, path, Path.GetFileName(other));
        var state = Path.Combine(folder, VMLayout.VMJsonName);
        if (File.Exists(state) && EvidenceJson.ReadVM(state).PowerState == VMPowerState.PoweredOn)
            throw RemediationErrors.VMPoweredOn.For(path, path, Path.GetFileName(state));
    }

    internal static FileStamp Read(string path, out byte[] bytes)
    {
        if (!File.Exists(path)) throw InputErrors.NotFound.For(path, path);
        return FileStamp.Read(path, out bytes);
    }
}
