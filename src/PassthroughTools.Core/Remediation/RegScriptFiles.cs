using PassthroughTools.IO;
using PassthroughTools.Registry;

namespace PassthroughTools.Remediation;

/// <summary>
/// The two files that a guest's change is written to: the script to import, and beside it the one that undoes it. The undoing one is written first,
/// so there is never a change without its inverse; where the other one then fails, the first is taken back.
/// </summary>
public sealed class RegScriptFiles
{
    private readonly byte[]? _oldChange;
    private readonly byte[]? _oldInverse;

    private RegScriptFiles(string change, string inverse, bool overwrite)
    {
        (Change, Inverse) = (change, inverse);
        _oldChange = Existing(change, overwrite);
        _oldInverse = Existing(inverse, overwrite);
    }

    /// <summary>Script to import.</summary>
    public string Change { get; }

    /// <summary>Script that undoes it: <c>name.undo.reg</c>.</summary>
    public string Inverse { get; }

    /// <summary>Looks whether the files may be written, and what they would replace. Nothing is written.</summary>
    /// <param name="destination">Full path of the script to import.</param>
    /// <param name="export">Export that the change is made from.</param>
    /// <param name="overwrite">True to replace files that are there.</param>
    /// <exception cref="PassthruException">
    /// <see cref="FileErrors.Exists"/>, <see cref="RemediationErrors.DestinationIsExport"/>, or <see cref="InputErrors.NotFound"/> for the folder.
    /// </exception>
    public static RegScriptFiles Prepare(string destination, string export, bool overwrite)
    {
        destination = Path.GetFullPath(destination);
        var folder = Path.GetDirectoryName(destination);
        if (folder is null || !Directory.Exists(folder)) throw InputErrors.NotFound.For(folder ?? destination, folder ?? destination);
        var inverse = Path.Combine(folder, Path.GetFileNameWithoutExtension(destination) + ".undo.reg");
        foreach (var path in new[] { destination, inverse })
        {
            // In any case: some file systems take names that differ in nothing else for the same.
            if (string.Equals(path, Path.GetFullPath(export), StringComparison.OrdinalIgnoreCase)) throw RemediationErrors.DestinationIsExport.For(path, path);
        }

        return new RegScriptFiles(destination, inverse, overwrite);
    }

    /// <summary>Writes both files.</summary>
    /// <param name="changes">The change and its inverse.</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    /// <exception cref="PassthruException">Any of <see cref="FileErrors"/>; then both files are as they were.</exception>
    public void Write(GuestMsiChangeSet changes, IFileOperations? operations = null)
    {
        operations ??= FileOperations.Default;
        var inverse = changes.Inverse.ToBytes();
        Put(Inverse, _oldInverse, inverse, operations);
        try
        {
            Put(Change, _oldChange, changes.Change.ToBytes(), operations);
        }
        catch (PassthruException)
        {
            TakeBack(inverse, operations);
            throw;
        }
    }

    private static byte[]? Existing(string path, bool overwrite)
    {
        if (Directory.Exists(path) || (!overwrite && File.Exists(path))) throw FileErrors.Exists.For(path, path);
        if (!File.Exists(path)) return null;
        FileStamp.Read(path, out var bytes);
        return bytes;
    }

    private static void Put(string path, byte[]? old, byte[] content, IFileOperations operations)
    {
        if (old is null) AtomicFile.Create(path, content, ownerOnly: false, operations);
        else AtomicFile.Replace(path, content, FileStamp.Of(old), operations);
    }

    private void TakeBack(byte[] written, IFileOperations operations)
    {
        try
        {
            if (_oldInverse is null) operations.Delete(Inverse);
            else AtomicFile.Replace(Inverse, _oldInverse, FileStamp.Of(written), operations);
        }
        catch (Exception e) when (e is PassthruException or IOException or UnauthorizedAccessException)
        {
            // The failure that led here matters more. An undo file without its change does no harm: it sets what is so already.
        }
    }
}
