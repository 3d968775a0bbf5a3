using System.Collections.Concurrent;
using System.Globalization;

namespace PassthroughTools.IO;

/// <summary>
/// Replaces whole files so that a crash at any point leaves the old or the new content, never a mixture: temporary file in the same folder,
/// flush, rename, flush of the folder. Owner, mode and ACL are kept. A symbolic link is refused (the rename would replace the link);
/// a hard link is broken, its other names keep the old content. Between the last look at the file and the rename a foreign
/// writer could still slip in; only a lock that both sides honour closes that gap.
/// </summary>
public static class AtomicFile
{
    private const string Prefix = ".passthru-";
    private const string Suffix = ".tmp";
    private static readonly TimeSpan ForeignLeftoverAge = TimeSpan.FromDays(1);
    private static readonly ConcurrentDictionary<string, bool> Active = new();
    private static readonly string MachineTag = FileStamp.Of(System.Text.Encoding.UTF8.GetBytes(Environment.MachineName)).Sha256.Substring(0, 6);

    /// <summary>Replaces the content of an existing file; does nothing where it is the same already.</summary>
    /// <param name="path">File to replace.</param>
    /// <param name="newContent">Its new content.</param>
    /// <param name="expected">Stamp of the content that the change was made from.</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    /// <returns>Stamp of the new content.</returns>
    /// <exception cref="PassthruException">Any of <see cref="FileErrors"/>.</exception>
    public static FileStamp Replace(string path, byte[] newContent, FileStamp expected, IFileOperations? operations = null)
    {
        operations ??= FileOperations.Default;
        path = Path.GetFullPath(path);
        return Translating(path, () =>
        {
            RequireWritable(path);
            RequireUnchanged(path, expected);
            var folder = Path.GetDirectoryName(path)!;
            RemoveLeftovers(folder, operations);
            var stamp = FileStamp.Of(newContent);
            if (stamp == expected) return stamp;
            ThroughTemporary(folder, operations, writer => writer.Write(newContent), permissionsFrom: path, temporary =>
            {
                RequireUnchanged(path, expected);
                operations.Replace(temporary, path);
            });
            return stamp;
        });
    }

    /// <summary>Creates a file that must not exist; it appears with all of its content or not at all.</summary>
    /// <param name="path">File to create; its folder must exist.</param>
    /// <param name="content">Its content.</param>
    /// <param name="ownerOnly">True to let nobody else read it (Unix).</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    /// <returns>Stamp of the content.</returns>
    /// <exception cref="PassthruException">Any of <see cref="FileErrors"/>.</exception>
    public static FileStamp Create(string path, byte[] content, bool ownerOnly = false, IFileOperations? operations = null)
    {
        operations ??= FileOperations.Default;
        path = Path.GetFullPath(path);
        return Translating(path, () =>
        {
            if (File.Exists(path) || Directory.Exists(path)) throw FileErrors.Exists.For(path, path);
            var folder = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(folder)) throw InputErrors.NotFound.For(folder, folder);
            RemoveLeftovers(folder, operations);
            ThroughTemporary(folder, operations, writer => writer.Write(content), permissionsFrom: null, temporary => operations.MoveNew(temporary, path), ownerOnly);
            return FileStamp.Of(content);
        });
    }

    /// <summary>Writes a file of any size, which is never in memory as a whole; it appears with all of its content or not at all.</summary>
    /// <param name="path">File to create or to replace; its folder must exist.</param>
    /// <param name="content">Writes the content.</param>
    /// <param name="overwrite">Whether a file that exists is replaced, whatever it holds.</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    /// <returns>Length in bytes.</returns>
    /// <exception cref="PassthruException">Any of <see cref="FileErrors"/>.</exception>
    public static long Write(string path, Action<Stream> content, bool overwrite, IFileOperations? operations = null)
    {
        operations ??= FileOperations.Default;
        path = Path.GetFullPath(path);
        return Translating(path, () =>
        {
            var exists = File.Exists(path);
            if (Directory.Exists(path) || (exists && !overwrite)) throw FileErrors.Exists.For(path, path);
            if (exists) RequireWritable(path);
            var folder = Path.GetDirectoryName(path)!;
            RemoveLeftovers(folder, operations);
            var length = 0L;
            ThroughTemporary(
                folder, operations,
                writer =>
                {
                    using var stream = new FileWriterStream(writer);
                    content(stream);
                    length = stream.Length;
                },
                permissionsFrom: exists ? path : null,
                temporary =>
                {
                    if (exists) operations.Replace(temporary, path);
                    else operations.MoveNew(temporary, path);
                },
                ownerOnly: exists);
            return length;
        });
    }

    /// <summary>Whether a file name is that of a temporary file of ours, left behind by a process that was killed.</summary>
    /// <param name="path">File.</param>
    public static bool IsTemporary(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal);
    }

    /// <summary>Removes the temporary files that a killed process left in a folder; those of a living one stay. Each write does so too.</summary>
    /// <param name="folder">Folder to clean; need not exist.</param>
    /// <param name="operations">File operations; the real ones when null.</param>
    public static void RemoveLeftovers(string folder, IFileOperations? operations = null)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var file in Directory.GetFiles(folder, Prefix + "*" + Suffix))
        {
            if (IsLeftover(file)) TryDelete(file, operations ?? FileOperations.Default);
        }
    }

    private static void ThroughTemporary(
        string folder, IFileOperations operations, Action<IFileWriter> content, string? permissionsFrom, Action<string> rename, bool ownerOnly = true)
    {
        var name = string.Format(
            CultureInfo.InvariantCulture, "{0}{1}-{2}-{3}{4}", Prefix, MachineTag, ProcessIdentity.Current.Id, Guid.NewGuid().ToString("N").Substring(0, 8), Suffix);
        var temporary = Path.Combine(folder, name);
        Active[temporary] = true;
        try
        {
            using (var writer = operations.CreateNew(temporary, ownerOnly))
            {
                content(writer);
                if (permissionsFrom is not null) operations.CopyPermissions(permissionsFrom, temporary);
                writer.Flush();
            }

            rename(temporary);
        }
        catch
        {
            TryDelete(temporary, operations);
            throw;
        }
        finally
        {
            Active.TryRemove(temporary, out _);
        }

        operations.FlushDirectory(folder);
    }

    private static void RequireWritable(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists) throw FileErrors.Vanished.For(path, path);
        if (IsLink(info)) throw FileErrors.IsLink.For(path, path);
        if (IsReadOnly(info)) throw FileErrors.ReadOnly.For(path, path);

        // A rename asks for no permission on the file itself; this does, and it meets other holders on Windows.
        using var probe = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    private static bool IsLink(FileInfo info)
    {
#if NET8_0_OR_GREATER
        return info.LinkTarget is not null;
#else
        return info.Attributes.HasFlag(FileAttributes.ReparsePoint);
#endif
    }

    private static bool IsReadOnly(FileInfo info)
    {
#if NET8_0_OR_GREATER
        // Without any write bit it is meant to stay as it is, root or not.
        if (!OperatingSystem.IsWindows())
        {
            return (info.UnixFileMode & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == UnixFileMode.None;
        }
#endif
        return info.Attributes.HasFlag(FileAttributes.ReadOnly);
    }

    private static void RequireUnchanged(string path, FileStamp expected)
    {
        byte[] content;
        try
        {
            content = FileReading.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.Vanished.Because(e, path, path);
        }

        if (content.Length != expected.Length || FileStamp.Of(content) != expected) throw FileErrors.Changed.For(path, path);
    }

    private static bool IsLeftover(string file)
    {
        var parts = Path.GetFileName(file).Substring(Prefix.Length).Split('-');
        if (parts.Length != 3 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var process)) return false;
        if (parts[0] != MachineTag) return DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > ForeignLeftoverAge;
        return process == ProcessIdentity.Current.Id ? !Active.ContainsKey(file) : !ProcessIdentity.Exists(process);
    }

    private static void TryDelete(string path, IFileOperations operations)
    {
        try
        {
            operations.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here matters more; the next run tries again.
        }
    }

    private static T Translating<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, path);
        }
    }
}
