using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace PassthroughTools;

/// <summary>Base of the cmdlets that read text from files (<c>-Path</c>, <c>-LiteralPath</c>) or from the pipeline as strings.</summary>
public abstract class TextInputCmdlet : PassthruCmdlet
{
    /// <summary>Parameter set of piped text.</summary>
    protected const string InputObjectSet = "InputObject";

    /// <summary>Parameter set of <c>-Path</c>.</summary>
    protected const string PathSet = "Path";

    /// <summary>Parameter set of <c>-LiteralPath</c>.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _lines = [];

    /// <summary>Output of the command, as lines or as one text with line ends.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] InputObject { get; set; } = [];

    /// <summary>Files to read; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Reads one whole text and writes its records.</summary>
    /// <param name="lines">Lines without their ends.</param>
    /// <param name="source">File name; null for piped text.</param>
    protected abstract void Convert(IReadOnlyList<string> lines, string? source);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (ParameterSetName == InputObjectSet)
        {
            foreach (var text in InputObject) _lines.AddRange(text.Length == 0 ? [""] : Text.TextFile.SplitLines(text));
            return;
        }

        foreach (var file in this.ResolveFiles(ParameterSetName == PathSet ? Path : LiteralPath, ParameterSetName == LiteralPathSet))
        {
            StopToken.ThrowIfCancellationRequested();
            Guard(() => Convert(Text.TextFile.ReadAllLines(file), file), file);
        }
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        if (ParameterSetName != InputObjectSet) return;
        Guard(
            () =>
            {
                // The readers pass over lines that they don't know, and a path is one to some of them.
                if (_lines.Count > 0 && _lines.TrueForAll(line => this.TryLocate(line) is { } path && File.Exists(path))) throw InputErrors.IsPath.For(_lines[0], _lines[0]);
                Convert(_lines, null);
            },
            null);
    }
}

/// <summary>Path resolution shared by the cmdlets that read files.</summary>
internal static class PathResolution
{
    /// <summary>Turns PowerShell paths into file-system paths; what does not exist is a non-terminating error.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="paths">Paths as given.</param>
    /// <param name="literal">True to take wildcard characters literally.</param>
    public static IEnumerable<string> ResolveFiles(this PSCmdlet cmdlet, IReadOnlyList<string> paths, bool literal)
    {
        foreach (var path in paths)
        {
            Collection<string> resolved;
            try
            {
                // The engine takes an empty text for the current location; a variable that was never set must not.
                if (path.Length == 0)
                {
                    resolved = [];
                }
                else if (literal)
                {
                    var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
                    resolved = [];
                    if (provider.Name == "FileSystem" && (File.Exists(full) || Directory.Exists(full))) resolved.Add(full);
                }
                else
                {
                    resolved = cmdlet.GetResolvedProviderPathFromPSPath(path, out var provider);
                    if (provider.Name != "FileSystem") resolved = [];
                }
            }
            catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
            {
                resolved = [];
            }

            if (resolved.Count == 0) cmdlet.WriteError(InputErrors.NotFound.For(path, path).ToErrorRecord(path));
            foreach (var file in resolved) yield return file;
        }
    }

    /// <summary>Where a path leads that need not exist yet. The engine gives a path of another provider back bare, and it would lead to some folder.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="path">Path as given.</param>
    public static string Locate(this PSCmdlet cmdlet, string path)
    {
        var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (provider.Name != "FileSystem") cmdlet.ThrowTerminatingError(InputErrors.NotInFileSystem.For(path, path).ToErrorRecord(path));
        return full;
    }

    /// <summary>Where a path leads in the file system; null where it is none.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="path">Text that may be a path.</param>
    public static string? TryLocate(this PSCmdlet cmdlet, string path)
    {
        if (path.Length == 0) return null;
        try
        {
            var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.Name == "FileSystem" ? full : null;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Paths that a pattern matches; null where it is none.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="pattern">Text that may be a pattern of paths.</param>
    public static IReadOnlyList<string>? TryResolve(this PSCmdlet cmdlet, string pattern)
    {
        try
        {
            var found = cmdlet.GetResolvedProviderPathFromPSPath(pattern, out var provider);
            return provider.Name == "FileSystem" ? found : null;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or WildcardPatternException or ArgumentException)
        {
            return null;
        }
    }
}
