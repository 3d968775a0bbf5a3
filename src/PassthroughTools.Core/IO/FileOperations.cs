namespace PassthroughTools.IO;

/// <summary>The real file operations. The netstandard2.0 build is meant for Windows PowerShell and keeps permissions on Windows only.</summary>
public sealed class FileOperations : IFileOperations
{
    private FileOperations()
    {
    }

    /// <summary>The one instance.</summary>
    public static FileOperations Default { get; } = new();

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(parent)) CreateDirectory(parent!);
        Directory.CreateDirectory(path);
        if (!string.IsNullOrEmpty(parent)) FlushDirectory(parent!);
    }

    /// <inheritdoc/>
    public IFileWriter CreateNew(string path, bool ownerOnly)
    {
#if NET8_0_OR_GREATER
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (ownerOnly && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new Writer(new FileStream(path, options));
#else
        return new Writer(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1));
#endif
    }

    /// <inheritdoc/>
    public IFileWriter OpenAppend(string path, long length)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 1);
        try
        {
            if (stream.Length > length)
            {
                // Flushed before anything is added, so that no power cut can mix the old end with the new one.
                stream.SetLength(length);
                stream.Flush(flushToDisk: true);
            }

            stream.Seek(0, SeekOrigin.End);
            return new Writer(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void CopyPermissions(string source, string target)
    {
#if NET8_0_OR_GREATER
        if (!OperatingSystem.IsWindows()) UnixFile.CopyPermissions(source, target);
#endif
    }

    /// <inheritdoc/>
    public void Replace(string source, string target)
    {
#if NET8_0_OR_GREATER
        // rename(2) itself: File.Move would fall back to copying where rename can't, and a copy can be cut short.
        if (!OperatingSystem.IsWindows())
        {
            UnixFile.Rename(source, target);
            return;
        }
#endif
        // ReplaceFile keeps the ACL, the attributes and the creation time of the file that it replaces, and fails where it can't.
        File.Replace(source, target, destinationBackupFileName: null, ignoreMetadataErrors: false);
    }

    /// <inheritdoc/>
    public void MoveNew(string source, string target) => File.Move(source, target);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone is gone.
        }
    }

    /// <inheritdoc/>
    public void FlushDirectory(string path)
    {
#if NET8_0_OR_GREATER
        // Windows has no fsync for folders: NTFS journals names itself. On Unix a rename is durable only once its folder is flushed.
        if (!OperatingSystem.IsWindows()) UnixFile.FlushDirectory(path);
#endif
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException e) when (FileErrors.IsSharingViolation(e))
        {
            return null;
        }
    }

    private sealed class Writer(FileStream stream) : IFileWriter
    {
        public void Write(byte[] bytes)
        {
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush(flushToDisk: false);
        }

        public void Flush() => stream.Flush(flushToDisk: true);

        public void Dispose() => stream.Dispose();
    }
}
