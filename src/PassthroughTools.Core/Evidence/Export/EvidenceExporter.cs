using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PassthroughTools.IO;

namespace PassthroughTools.Evidence.Export;

/// <summary>
/// Writes evidence out: the raw files of each host, as they were, and a manifest with their checksums. The export appears at its destination as a whole or
/// not at all.
/// </summary>
public static class EvidenceExporter
{
    private const string ManifestName = "manifest.json";
    private const string Tool = "PassthroughTools";

    /// <summary>Writes hosts out; several get a folder each.</summary>
    /// <param name="hosts">Evidence that was read from files.</param>
    /// <param name="options">Where to, and how.</param>
    /// <param name="cancellation">Stops the work; nothing is left at the destination then.</param>
    /// <exception cref="PassthruException">Any of <see cref="ExportErrors"/>, <see cref="FileErrors"/>, <see cref="InputErrors"/>.</exception>
    public static EvidenceExport Export(IReadOnlyList<HostEvidence> hosts, ExportOptions options, CancellationToken cancellation = default)
    {
        var target = Path.GetFullPath(options.Destination).TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        var sources = new List<ExportSource>();
        var stage = target + ".passthru-" + Guid.NewGuid().ToString("N").Substring(0, 8);
        try
        {
            CheckTarget(target, options);
            foreach (var host in hosts)
            {
                sources.Add(ExportSource.Open(host, cancellation));
                if (IsWithin(target, sources[sources.Count - 1].Location)) throw ExportErrors.Inside.For(target, target, sources[sources.Count - 1].Location);
            }

            var redaction = options.Redact ? new EvidenceRedaction(sources, options.Extras, new RedactionMap(), cancellation) : null;
            Directory.CreateDirectory(stage);
            var (names, files) = WriteHosts(sources, stage, redaction, cancellation);
            foreach (var extra in options.Extras) files.Add(WriteExtra(extra, stage, redaction));
            WriteManifest(Path.Combine(stage, ManifestName), options, names, files);
            if (redaction is not null) CheckBudgets(sources, stage, names, cancellation);
            var map = redaction is null ? null : WriteMap(options, target, redaction);
            Publish(stage, target, cancellation);
            return new EvidenceExport
            {
                Path = target,
                Hosts = names,
                IsRedacted = options.Redact,
                Replacements = redaction?.Map.Entries.Count() ?? 0,
                Files = files,
                MapPath = map,
                Warnings = redaction is null ? [] : [.. redaction.Partial.Select(name =>
                    $"'{name}' is a word of the evidence's own formats: it is replaced where it stands as a name, and may be left within longer text.")],
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, target);
        }
        finally
        {
            foreach (var source in sources) source.Dispose();
            Remove(stage);
        }
    }

    private static (List<string> Names, List<ExportedFile> Files) WriteHosts(List<ExportSource> sources, string stage, EvidenceRedaction? redaction, CancellationToken cancellation)
    {
        var names = new List<string>();
        var files = new List<ExportedFile>();
        foreach (var source in sources)
        {
            var name = redaction?.HostName(source.Host.HostName) ?? source.Host.HostName;
            var prefix = "";
            if (sources.Count > 1)
            {
                prefix = Safe(name);
                for (var n = 2; names.Contains(prefix, StringComparer.OrdinalIgnoreCase); n++) prefix = FormattableString.Invariant($"{Safe(name)}~{n}");
                names.Add(prefix);
            }
            else
            {
                names.Add(name);
            }

            foreach (var item in source.Items)
            {
                cancellation.ThrowIfCancellationRequested();
                var place = string.Join("/", new[] { prefix, redaction?.Folder(item) ?? item.Folder, redaction?.FileName(item) ?? item.FileName }.Where(part => part.Length > 0).SelectMany(part => part.Split('/')).Select(Safe));
                files.Add(WriteFile(item, stage, place, redaction));
            }
        }

        return (names, files);
    }

    private static ExportedFile WriteFile(ExportItem item, string stage, string name, EvidenceRedaction? redaction)
    {
        var path = Path.Combine(stage, name.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024))
        {
            if (item.Path is null)
            {
                var content = redaction is null ? item.Content! : Encoding.UTF8.GetBytes(redaction.Replace(item, Encoding.UTF8.GetString(item.Content!)));
                output.Write(content, 0, content.Length);
            }
            else if (redaction is null)
            {
                using var input = Archives.EvidenceFiles.OpenFile(item.Path, item.Name);
                input.CopyTo(output);
            }
            else
            {
                redaction.Write(item, item.Path, output);
            }
        }

        return Exported(path, name, item.Status, redaction is not null);
    }

    private static ExportedFile WriteExtra(ExtraFile extra, string stage, EvidenceRedaction? redaction)
    {
        var path = Path.Combine(stage, extra.Name.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, extra.Make(text => redaction?.Replace(text) ?? text));
        return Exported(path, extra.Name, null, redaction is not null);
    }

    private static ExportedFile Exported(string path, string name, EvidenceFileStatus? status, bool isRedacted)
    {
        using var written = File.OpenRead(path);
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(written);
        return new ExportedFile(name, written.Length, FileStamp.Hex(hash, hash.Length), status, isRedacted);
    }

    private static void WriteManifest(string path, ExportOptions options, List<string> hosts, List<ExportedFile> files) => WriteJson(path, writer =>
    {
        writer.WriteNumber("schemaVersion", EvidenceJson.SchemaVersion);
        writer.WriteString("tool", Tool);
        writer.WriteString("toolVersion", options.ToolVersion);
        writer.WriteString("created", DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteBoolean("redacted", options.Redact);
        writer.WriteStartArray("hosts");
        foreach (var host in hosts) writer.WriteStringValue(host);
        writer.WriteEndArray();
        writer.WriteStartArray("files");
        foreach (var file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("name", file.Name);
            writer.WriteNumber("length", file.Length);
            writer.WriteString("sha256", file.Sha256);
            writer.WriteString("status", file.Status?.ToString() ?? "Generated");
            writer.WriteBoolean("redacted", file.IsRedacted);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string? WriteMap(ExportOptions options, string target, EvidenceRedaction redaction)
    {
        if (options.MapPath is null) return null;
        var path = Path.GetFullPath(options.MapPath);
        using var buffer = new MemoryStream();
        WriteJson(buffer, writer =>
        {
            writer.WriteNumber("schemaVersion", EvidenceJson.SchemaVersion);
            writer.WriteStartArray("replacements");
            foreach (var (kind, original, replacement) in redaction.Map.Entries)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", kind);
                writer.WriteString("original", original);
                writer.WriteString("replacement", replacement);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        if (options.Force && File.Exists(path)) File.Delete(path);
        AtomicFile.Create(path, buffer.ToArray(), ownerOnly: true);
        return path;
    }

    private static void CheckBudgets(List<ExportSource> sources, string stage, List<string> names, CancellationToken cancellation)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            var folder = sources.Count > 1 ? Path.Combine(stage, names[i]) : stage;
            var after = EvidenceReader.Read(folder, cancellation).Single();
            if (!string.Equals(EvidenceRedaction.Signature(sources[i].Reload(cancellation)), EvidenceRedaction.Signature(after), StringComparison.Ordinal))
                throw ExportErrors.BudgetChanged.For(sources[i].Host, sources[i].Host.HostName);
        }
    }

    private static void CheckTarget(string target, ExportOptions options)
    {
        if (options.MapPath is { } map && IsWithin(Path.GetFullPath(map), target)) throw ExportErrors.Inside.For(map, Path.GetFullPath(map), target);
        var isZip = IsZip(target);
        if (File.Exists(target))
        {
            if (!options.Force) throw ExportErrors.Exists.For(target, target);
            if (!isZip) throw ExportErrors.Foreign.For(target, target);
        }
        else if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            if (!options.Force) throw ExportErrors.Exists.For(target, target);
            if (isZip || !IsExport(target)) throw ExportErrors.Foreign.For(target, target);
        }
    }

    private static bool IsExport(string folder)
    {
        var manifest = Path.Combine(folder, ManifestName);
        return File.Exists(manifest) && File.ReadAllText(manifest).Contains("\"tool\": \"" + Tool + "\"");
    }

    private static void Publish(string stage, string target, CancellationToken cancellation)
    {
        if (!IsZip(target))
        {
            var old = stage + "-old";
            if (Directory.Exists(target)) Directory.Move(target, old);
            try
            {
                Directory.Move(stage, target);
            }
            catch when (Directory.Exists(old))
            {
                Directory.Move(old, target);
                throw;
            }

            Remove(old);
            return;
        }

        var packed = stage + ".zip";
        try
        {
            using (var zip = ZipFile.Open(packed, ZipArchiveMode.Create))
            {
                foreach (var file in Directory.EnumerateFiles(stage, "*", SearchOption.AllDirectories).OrderBy(file => file, StringComparer.Ordinal))
                {
                    cancellation.ThrowIfCancellationRequested();
                    zip.CreateEntryFromFile(file, file.Substring(stage.Length + 1).Replace('\\', '/'), CompressionLevel.Optimal);
                }
            }

            if (File.Exists(target)) File.Delete(target);
            File.Move(packed, target);
        }
        finally
        {
            if (File.Exists(packed)) File.Delete(packed);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static bool IsZip(string path) => path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    private static bool IsWithin(string path, string folder)
    {
        folder = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        var comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return string.Equals(path, folder, comparison) || path.StartsWith(folder + Path.DirectorySeparatorChar, comparison);
    }

    /// <summary>A name from evidence as one part of a path: it can't lead anywhere.</summary>
    private static string Safe(string name)
    {
        var safe = new string([.. name.Select(character => character is '/' or '\\' || char.IsControl(character) || Array.IndexOf(Path.GetInvalidFileNameChars(), character) >= 0 ? '_' : character)]);
        return safe.Trim('.', ' ').Length == 0 ? "_" : safe;
    }

    private static void WriteJson(string path, Action<Utf8JsonWriter> write)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        WriteJson(file, write);
    }

    private static void WriteJson(Stream stream, Action<Utf8JsonWriter> write)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
    }
}
