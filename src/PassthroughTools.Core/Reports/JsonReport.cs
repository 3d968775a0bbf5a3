using System.Text.Json;
using PassthroughTools.Logs;
using PassthroughTools.Planning;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>
/// The report as docs/report-schema.json describes it. Properties are always there; what is not known is null. A later version of the module may
/// add properties; a change of what one means raises <see cref="SchemaVersion"/>.
/// </summary>
internal sealed class JsonReport
{
    /// <summary>Version of the schema.</summary>
    public const int SchemaVersion = 1;

    private readonly Utf8JsonWriter _json;

    private JsonReport(Utf8JsonWriter json) => _json = json;

    /// <summary>Writes the report, host by host.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="report">Report.</param>
    public static void Write(Stream stream, FleetReport report)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        new JsonReport(json).Write(report);
    }

    private void Write(FleetReport report)
    {
        _json.WriteStartObject();
        _json.WriteNumber("schemaVersion", SchemaVersion);
        Text("title", report.Options.Title);
        Text("generatedAt", ReportWords.Time(report.GeneratedAt));
        Text("generatorVersion", report.GeneratorVersion);
        _json.WriteStartObject("options");
        _json.WriteNumber("headroom", report.Options.Headroom);
        _json.WriteBoolean("includePoweredOff", report.Options.IncludePoweredOff);
        _json.WriteBoolean("includePlan", report.Options.IncludePlan);
        _json.WriteEndObject();
        _json.WriteStartObject("verdicts");
        foreach (var verdict in FleetReport.Verdicts) _json.WriteNumber(verdict.ToString(), report.Count(verdict));
        _json.WriteEndObject();
        _json.WriteStartArray("hosts");
        foreach (var host in report.Hosts)
        {
            WriteHost(host);
            _json.Flush();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteHost(HostReport host)
    {
        _json.WriteStartObject();
        Text("hostName", host.HostName);
        Text("version", host.Budget.Version?.ToString());
        if (host.Budget.Version?.Build is { } build) _json.WriteNumber("build", build);
        else _json.WriteNull("build");
        Number("logicalCpus", host.LogicalCpus);
        Text("collectedAt", ReportWords.Time(host.Budget.CollectedAt));
        Text("source", host.Source);
        Text("verdict", host.Verdict.ToString());
        Number("exhaustionEvents", host.ExhaustionEvents);
        Array("pools", host.Budget.Pools, WritePool);
        Array("devices", ReportWords.Sorted(host.Budget.Devices), WriteDevice);
        Texts("reasons", host.Budget.Reasons);
        Array("timeline", host.Timeline, WriteEvent);
        _json.WriteNumber("omittedEvents", host.OmittedEvents);
        Array("lookAlikes", host.LookAlikes, group =>
        {
            _json.WriteStartObject();
            Text("kind", group.Kind.ToString());
            _json.WriteNumber("count", group.Count);
            _json.WritePropertyName("first");
            WriteEvent(group.First);
            _json.WriteEndObject();
        });
        Array("findings", host.Findings, finding =>
        {
            _json.WriteStartObject();
            Text("id", finding.Id);
            Text("name", finding.Name);
            Text("severity", finding.Severity.ToString());
            Text("vm", finding.VM);
            Number("slot", finding.Slot);
            Text("device", finding.Device?.ToString());
            Text("message", finding.Message);
            Text("advice", finding.Advice);
            Text("helpUri", finding.HelpUri);
            Text("provenance", finding.Provenance.ToString());
            Array("evidence", finding.Evidence, WriteSource);
            _json.WriteEndObject();
        });
        Array("missing", host.Missing, file =>
        {
            _json.WriteStartObject();
            Text("name", file.Name);
            Text("status", file.Status.ToString());
            Text("detail", file.Detail);
            _json.WriteEndObject();
        });
        Texts("warnings", host.Warnings);
        Text("planProblem", host.PlanProblem);
        if (host.Plan is { } plan) WritePlan(plan);
        else _json.WriteNull("plan");
        _json.WriteEndObject();
    }

    private void WritePool(HostVectorPool pool)
    {
        _json.WriteStartObject();
        Text("pool", pool.Pool.ToString());
        Text("verdict", pool.Verdict.ToString());
        Figure("capacity", pool.CapacityFigure);
        Figure("hostUse", pool.HostUseFigure);
        Figure("demand", pool.DemandFigure);
        Number("headroom", pool.Headroom);
        _json.WriteNumber("requestedHeadroom", pool.RequestedHeadroom);
        Text("provenance", pool.Provenance.ToString());
        Text("arithmetic", pool.Arithmetic);
        _json.WriteEndObject();
    }

    private void WriteDevice(VectorDemand device)
    {
        _json.WriteStartObject();
        Text("address", device.Address?.ToString());
        Text("name", device.DeviceName);
        Text("vendorId", device.VendorId?.ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        Text("deviceId", device.DeviceId?.ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        Text("vm", device.VM);
        Number("slot", device.Slot);
        Text("kind", device.Kind.ToString());
        Text("powerState", device.PowerState.ToString());
        Text("guestFamily", device.GuestFamily.ToString());
        _json.WriteBoolean("isCounted", device.IsCounted);
        Figure("requested", device.RequestedFigure);
        Figure("demand", device.DemandFigure);
        Number("messageNumberLimit", device.MessageNumberLimit);
        Flag("msiSupported", device.MsiSupported);
        Flag("msiEnabled", device.MsiEnabled);
        Text("virtualMode", device.VirtualMode.ToString());
        Text("physicalMode", device.PhysicalMode.ToString());
        _json.WritePropertyName("failure");
        if (device.Failure is { } failure) WriteEvent(failure);
        else _json.WriteNullValue();
        Texts("notes", device.Notes);
        _json.WriteEndObject();
    }

    private void WriteEvent(PassthruLogEvent entry)
    {
        _json.WriteStartObject();
        Text("time", ReportWords.Time(entry.Time));
        Text("kind", entry.Kind.ToString());
        Text("device", entry.Device?.ToString());
        Number("vectors", entry.Vectors);
        Number("index", entry.Index);
        _json.WriteBoolean("isExhaustion", entry.IsExhaustion);
        Text("meaning", entry.Meaning);
        Text("file", entry.File);
        _json.WriteNumber("line", entry.Line);
        Text("text", entry.Text);
        _json.WriteEndObject();
    }

    private void WritePlan(RemediationPlan plan)
    {
        _json.WriteStartObject("plan");
        Text("id", plan.Id);
        Text("prefer", plan.Prefer.ToString());
        _json.WriteBoolean("isFeasible", plan.IsFeasible);
        _json.WriteBoolean("isProvenOptimal", plan.IsProvenOptimal);
        Text("verdictBefore", plan.Before.Verdict.ToString());
        Text("verdictAfter", plan.After.Verdict.ToString());
        Array("before", plan.Before.Pools, WritePool);
        Array("after", plan.After.Pools, WritePool);
        Array("steps", plan.Steps, step =>
        {
            _json.WriteStartObject();
            _json.WriteNumber("number", step.Number);
            Text("vm", step.VM);
            Text("device", step.Device?.ToString());
            Text("action", step.Action.ToString());
            Text("kind", step.Kind.ToString());
            Text("container", step.Container);
            Text("key", step.Key);
            Text("oldValue", step.OldValue);
            Text("newValue", step.NewValue);
            Text("reason", step.Reason);
            _json.WriteEndObject();
        });
        Texts("assumptions", plan.Assumptions);
        Texts("advice", plan.Advice);
        Array("shortfall", plan.Shortfall, missing =>
        {
            _json.WriteStartObject();
            Text("pool", missing.Name);
            _json.WriteNumber("missing", missing.Missing);
            _json.WriteEndObject();
        });
        _json.WriteEndObject();
    }

    private void Figure(string name, Figure figure)
    {
        _json.WriteStartObject(name);
        Number("value", figure.Value);
        Number("minimum", figure.Minimum);
        Number("maximum", figure.Maximum);
        Text("provenance", figure.Provenance.ToString());
        Text("explanation", figure.Explanation);
        Array("evidence", figure.Evidence, WriteSource);
        _json.WriteEndObject();
    }

    private void WriteSource(SourceReference source)
    {
        _json.WriteStartObject();
        Text("source", source.Source);
        if (source.Line is { } line) _json.WriteNumber("line", line);
        else _json.WriteNull("line");
        Text("text", source.Text);
        _json.WriteEndObject();
    }

    private void Array<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        _json.WriteStartArray(name);
        foreach (var item in items) write(item);
        _json.WriteEndArray();
    }

    private void Texts(string name, IEnumerable<string> items) => Array(name, items, item => _json.WriteStringValue(Whole(item)));

    private void Text(string name, string? value)
    {
        if (value is null) _json.WriteNull(name);
        else _json.WriteString(name, Whole(value));
    }

    private void Number(string name, int? value)
    {
        if (value is { } known) _json.WriteNumber(name, known);
        else _json.WriteNull(name);
    }

    private void Flag(string name, bool? value)
    {
        if (value is { } known) _json.WriteBoolean(name, known);
        else _json.WriteNull(name);
    }

    /// <summary>Half a surrogate pair, which a broken name can hold, would stop the writer.</summary>
    private static string Whole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return text;
    }
}
