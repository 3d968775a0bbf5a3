namespace PassthroughTools.IO;

/// <summary>
/// Every file operation that changes something goes through here, one call an effect. Reading does not. Tests count the calls, fail them or
/// kill the process at the n-th one. All methods throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> as the platform
/// does; callers turn them into <see cref="FileErrors"/>.
/// </summary>
public interface IFileOperations
{
    /// <summary>Makes a folder and its missing parents; nothing happens where it exists.</summary>
    /// <param name="path">Folder.</param>
    void CreateDirectory(string path);

    /// <summary>Creates a file that must not exist, and opens it.</summary>
    /// <param name="path">File to create.</param>
    /// <param name="ownerOnly">True to keep everyone else out until permissions are copied; no meaning on Windows, where the folder decides.</param>
    IFileWriter CreateNew(string path, bool ownerOnly);

    /// <summary>Opens an existing file to write at its end, after cutting it to a length.</summary>
    /// <param name="path">File to open.</param>
    /// <param name="length">Length to keep, in bytes.</param>
    IFileWriter OpenAppend(string path, long length);

    /// <summary>Gives a file the owner, group, mode and ACL of another; does nothing on Windows, where <see cref="Replace"/> does it.</summary>
    /// <param name="source">File to copy from.</param>
    /// <param name="target">File to copy to.</param>
    void CopyPermissions(string source, string target);

    /// <summary>Renames a file over another in one step.</summary>
    /// <param name="source">New file, in the same folder.</param>
    /// <param name="target">File that is replaced; must exist.</param>
    void Replace(string source, string target);

    /// <summary>Renames a file to a name that must not exist.</summary>
    /// <param name="source">File to rename, in the same folder.</param>
    /// <param name="target">Its new name.</param>
    void MoveNew(string source, string target);

    /// <summary>Deletes a file; nothing happens where it does not exist.</summary>
    /// <param name="path">File to delete.</param>
    void Delete(string path);

    /// <summary>Makes names in a folder (creations, renames) durable.</summary>
    /// <param name="path">Folder.</param>
    void FlushDirectory(string path);

    /// <summary>Takes a lock that the operating system frees when the process ends, however it ends.</summary>
    /// <param name="path">Lock file; created where missing and never deleted, because deleting it would let two holders in.</param>
    /// <returns>The lock, or null when someone holds it.</returns>
    IDisposable? TryLock(string path);
}

/// <summary>A file opened for writing through <see cref="IFileOperations"/>.</summary>
public interface IFileWriter : IDisposable
{
    /// <summary>Writes bytes at the end, without a buffer of our own.</summary>
    /// <param name="bytes">Bytes to write.</param>
    void Write(byte[] bytes);

    /// <summary>Returns once all that was written is on the disk.</summary>
    void Flush();
}
