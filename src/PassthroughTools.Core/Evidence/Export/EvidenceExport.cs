namespace PassthroughTools.Evidence.Export;

/// <summary>What to write, and where to.</summary>
public sealed record ExportOptions
{
    /// <summary>Folder, or file that ends in .zip.</summary>
    public required string Destination { get; init; }

    /// <summary>Replaces an earlier export.</summary>
    public bool Force { get; init; }

    /// <summary>Replaces the identifiers.</summary>
    public bool Redact { get; init; }

    /// <summary>File for the list of what was replaced by what; null for none.</summary>
    public string? MapPath { get; init; }

    /// <summary>Files that the export makes besides the evidence.</summary>
    internal IReadOnlyList<ExtraFile> Extras { get; init; } = [];

    /// <summary>Version of this tool, for the manifest.</summary>
    public string ToolVersion { get; init; } = typeof(ExportOptions).Assembly.GetName().Version?.ToString(3) ?? "";
}

/// <summary>What was written.</summary>
public sealed record EvidenceExport
{
    /// <summary>Folder or .zip.</summary>
    public required string Path { get; init; }

    /// <summary>Hosts by the names that the export calls them.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>True when identifiers were replaced.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>How many different identifiers were replaced.</summary>
    public int Replacements { get; init; }

    /// <summary>Files, as manifest.json lists them.</summary>
    public required IReadOnlyList<ExportedFile> Files { get; init; }

    /// <summary>List of the replacements; null where none was asked for.</summary>
    public string? MapPath { get; init; }

    /// <summary>What was left out, and names that could be replaced only in part.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>A file of an export.</summary>
/// <param name="Name">Path below the export, with forward slashes.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Status">What reading it gave when the evidence was read; null for a file that the export itself made.</param>
/// <param name="IsRedacted">True where its content is not the original's.</param>
public sealed record ExportedFile(string Name, long Length, string Sha256, EvidenceFileStatus? Status, bool IsRedacted);

/// <summary>A file that is made for an export.</summary>
/// <param name="Name">Path below the export, with forward slashes.</param>
/// <param name="Words">Its texts that may hold identifiers.</param>
/// <param name="Make">Makes the content; every such text goes through the function that it is given.</param>
internal sealed record ExtraFile(string Name, IReadOnlyList<string> Words, Func<Func<string, string>, byte[]> Make);
