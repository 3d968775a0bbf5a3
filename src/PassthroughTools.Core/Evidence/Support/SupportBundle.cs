using System.Text.Json;
using PassthroughTools.Evidence.Export;
using PassthroughTools.Journal;

namespace PassthroughTools.Evidence.Support;

/// <summary>What goes into a support bundle besides the evidence.</summary>
public sealed record SupportBundleOptions
{
    /// <summary>The export that holds it all.</summary>
    public required ExportOptions Export { get; init; }

    /// <summary>Runs of the journal; those of other hosts are left out.</summary>
    public IReadOnlyList<RunSummary> Runs { get; init; } = [];

    /// <summary>Identifiers of errors that happened besides those in the journal.</summary>
    public IReadOnlyList<string> ErrorIds { get; init; } = [];

    /// <summary>Error catalogue to explain them from.</summary>
    public IReadOnlyList<ErrorDefinition> Catalog { get; init; } = ErrorCatalog.Find();

    /// <summary>Versions of what the module runs on. Names and values must not identify anyone: they are written as they are.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Evidence, the journal's runs of the same hosts, versions, and the catalogue's word on every error that happened, in one export. What is read back
/// from it by Get-PassthruEvidence is the evidence.
/// </summary>
public static class SupportBundle
{
    private const string Folder = "support/";

    /// <summary>Writes the bundle, whole or not at all.</summary>
    /// <param name="hosts">Evidence that was read from files.</param>
    /// <param name="options">What else, and where to.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="PassthruException">As <see cref="EvidenceExporter.Export"/>.</exception>
    public static EvidenceExport Create(IReadOnlyList<HostEvidence> hosts, SupportBundleOptions options, CancellationToken cancellation = default)
    {
        var names = new HashSet<string>(hosts.Select(host => host.HostName), StringComparer.OrdinalIgnoreCase);
        // A journal that can't be read names no host: that it is there is all that is told of it.
        var runs = options.Runs.Where(run => run.HostName is null || names.Contains(run.HostName)).ToList();
        ExtraFile[] extras =
        [
            new(Folder + "versions.json", [], _ => Json(writer =>
            {
                foreach (var pair in options.Versions.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(pair.Key, pair.Value);
            })),
            new(Folder + "errors.json", [], _ => Errors(Happened(runs, options.ErrorIds), options.Catalog)),
            new(Folder + "journal.json", [.. runs.SelectMany(Words)], replace => Journal(runs, replace)),
        ];
        return EvidenceExporter.Export(hosts, options.Export with { Extras = extras }, cancellation);
    }

    private static SortedSet<string> Happened(List<RunSummary> runs, IReadOnlyList<string> ids) =>
        new(ids.Concat(runs.Select(run => run.Problem?.ErrorId).OfType<string>()).Concat(runs.SelectMany(run => run.Steps).Select(step => step.ErrorId).OfType<string>()), StringComparer.Ordinal);

    /// <summary>Messages and advice are the catalogue's own, with their gaps: what fills them may identify someone.</summary>
    private static byte[] Errors(SortedSet<string> ids, IReadOnlyList<ErrorDefinition> catalog) => Json(writer =>
    {
        writer.WriteStartArray("errors");
        foreach (var id in ids)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            if (catalog.FirstOrDefault(definition => string.Equals(definition.Id, id, StringComparison.Ordinal)) is { } definition)
            {
                writer.WriteString("kind", definition.Kind.ToString());
                writer.WriteString("message", definition.Message);
                writer.WriteString("advice", definition.Advice);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static IEnumerable<string> Words(RunSummary run) =>
        run.Steps.SelectMany(step => (string[])[step.Target.Display, step.Target.Key, step.Before.Text ?? "", step.Ours.Text ?? ""]);

    private static byte[] Journal(List<RunSummary> runs, Func<string, string> replace) => Json(writer =>
    {
        writer.WriteStartArray("runs");
        foreach (var run in runs)
        {
            writer.WriteStartObject();
            writer.WriteString("runId", run.RunId);
            writer.WriteString("state", run.State.ToString());
            writer.WriteString("host", run.HostName is null ? null : replace(run.HostName));
            writer.WriteString("planId", run.PlanId);
            writer.WriteString("toolVersion", run.ToolVersion);
            writer.WriteString("errorId", run.Problem?.ErrorId);
            writer.WriteStartArray("steps");
            foreach (var step in run.Steps)
            {
                writer.WriteStartObject();
                writer.WriteNumber("index", step.Index);
                writer.WriteString("kind", step.Target.Kind);
                // Of the file, where it lies says who keeps it; what kind of file it is says enough.
                writer.WriteString("display", Replaced(step.Target.Display, replace));
                writer.WriteString("key", Replaced(step.Target.Key, replace));
                writer.WriteString("before", Replaced(step.Before.Text, replace));
                writer.WriteString("ours", Replaced(step.Ours.Text, replace));
                writer.WriteString("outcome", step.Outcome.ToString());
                writer.WriteString("errorId", step.ErrorId);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string? Replaced(string? text, Func<string, string> replace) => string.IsNullOrEmpty(text) ? text : replace(text!);

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schemaVersion", EvidenceJson.SchemaVersion);
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
