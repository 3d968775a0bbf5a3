using System.Collections.Concurrent;
using PassthroughTools.Evidence;
using PassthroughTools.IO;

namespace PassthroughTools.Ssh;

/// <summary>
/// A folder that only this user can read, and that goes with whoever holds it: by <see cref="Dispose"/>, with the last record that refers to it, or
/// with the process.
/// </summary>
internal sealed class EvidenceFolder : IDisposable
{
    private static readonly ConcurrentDictionary<string, bool> Open = new();
    private bool _isKept;

    static EvidenceFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var path in Open.Keys) Delete(path);
    };

    /// <summary>Makes the folder.</summary>
    /// <param name="parent">Folder to make it in, which is made too; the system's temporary one when null.</param>
    public EvidenceFolder(string? parent)
    {
        try
        {
            parent ??= System.IO.Path.GetTempPath();
            Directory.CreateDirectory(parent);
            Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), EvidenceLayout.UnfinishedPrefix + Guid.NewGuid().ToString("N"));
#if NET8_0_OR_GREATER
            if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            else
#endif
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, parent!);
        }

        Open[Path] = true;
    }

#pragma warning disable MA0055 // The end of a record is what ends its folder, and PowerShell's users dispose of nothing.
    /// <summary>Only a folder that no record refers to any more is deleted by the collector of garbage.</summary>
    ~EvidenceFolder() => Clean();
#pragma warning restore MA0055

    /// <summary>Where it is.</summary>
    public string Path { get; private set; }

    /// <summary>Gives it its final name; it stays from then on.</summary>
    /// <exception cref="PassthruException"><see cref="FileErrors"/>.</exception>
    public void Keep(string path)
    {
        try
        {
            Directory.Move(Path, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, path);
        }

        _isKept = true;
        Open.TryRemove(Path, out _);
        Path = path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clean();
        GC.SuppressFinalize(this);
    }

    private void Clean()
    {
        if (_isKept || Path is null) return;
        Open.TryRemove(Path, out _);
        Delete(Path);
    }

    private static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader may still hold a file open (Windows). The system cleans its temporary folder.
        }
    }
}
