namespace PassthroughTools.Evidence.Archives;

/// <summary>
/// A temporary folder that only this user can read. Its files are numbered: no name from an archive ever becomes a name on disk, so no
/// name can lead anywhere.
/// </summary>
internal sealed class PrivateFolder : IDisposable
{
    private static readonly string[] Endings = [".log", ".gz", ".txt", ".vmx", ".reg", ".json", ".xml", ".conf"];
    private int _next;

    /// <summary>Makes the folder.</summary>
    public PrivateFolder()
    {
#if NET8_0_OR_GREATER
        Path = Directory.CreateTempSubdirectory("passthru-").FullName; // 0700 on Unix
#else
        // Windows PowerShell only: %TEMP% is the user's own.
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "passthru-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path);
#endif
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A file name that is free, ending as the path does if readers go by that.</summary>
    /// <param name="path">Path in the archive.</param>
    public string NewFile(string path)
    {
        var ending = "";
        for (var rest = path; ending.Length < 12; )
        {
            var known = Array.Find(Endings, candidate => rest.EndsWith(candidate, StringComparison.OrdinalIgnoreCase));
            if (known is null) break;
            ending = known + ending;
            rest = rest.Substring(0, rest.Length - known.Length);
        }

        _next++;
        return System.IO.Path.Combine(Path, FormattableString.Invariant($"{_next:d6}{ending}"));
    }

    /// <summary>Deletes the folder and all in it.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader may still hold a file open (Windows). The system cleans its temporary folder; failing the command would help nobody.
        }
    }
}
