using System.Text.Json;
using Json.Schema;
using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Pci;
using PassthroughTools.Planning;
using PassthroughTools.Reports;
using PassthroughTools.Tests.Evidence;
using PassthroughTools.Vectors;
using static PassthroughTools.Tests.Reports.Reporting;

namespace PassthroughTools.Tests.Reports;

public sealed class JsonReportTests
{
    private static readonly string SchemaText = File.ReadAllText(Path.Combine(Sample.Original(""), "..", "docs", "report-schema.json"));

    private static readonly JsonElement Schema = Read(SchemaText);

    private static readonly JsonSchema Validator = JsonSchema.FromText(SchemaText);


    [Fact]
    public void What_is_written_for_the_samples_is_what_the_schema_describes() => Assert.Empty(Check(Render(Samples(), ReportFormat.Json)));

    [Fact]
    public void What_is_written_for_hostile_and_bare_hosts_is_what_the_schema_describes() =>
        Assert.Empty(Check(Render(Report(new ReportOptions { IncludePlan = true }, HostileHost(), Bare("bare")), ReportFormat.Json)));

    [Theory]
    [InlineData("\"schemaVersion\": 1", "\"schemaVersion\": 2")]
    [InlineData("\"logicalCpus\": null", "\"logicalCpus\": \"many\"")]
    [InlineData("\"verdict\": \"Unknown\"", "\"verdict\": \"Perhaps\"")]
    [InlineData("\"omittedEvents\": 0", "\"omittedEvents\": -1")]
    [InlineData("\"hostName\":", "\"name\":")]
    [InlineData("2026-03-04T05:06:07Z", "yesterday")]
    public void The_check_against_the_schema_can_fail(string right, string wrong)
    {
        var text = Render(Report(Bare("bare")), ReportFormat.Json);
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.NotEmpty(Check(text.Replace(right, wrong)));
    }

    [Fact]
    public void The_schema_is_one_by_its_own_draft()
    {
        var results = MetaSchemas.Draft202012.Evaluate(Schema, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(results.IsValid, string.Join("; ", (results.Details ?? []).SelectMany(each => each.Errors ?? []).Select(each => each.Value)));
    }

    [Fact]
    public void The_schema_lists_each_enumerations_own_names()
    {
        Assert.Equal(Enum.GetNames<BudgetVerdict>(), Names("verdict"));
        Assert.Equal(Enum.GetNames<Provenance>(), Names("provenance"));
        Assert.Equal(Enum.GetNames<InterruptMode>(), Names("mode"));
        Assert.Equal(Enum.GetNames<InterruptPool>(), Names("pool", "pool"));
        Assert.Equal(Enum.GetNames<VMPowerState>(), Names("device", "powerState"));
        Assert.Equal(Enum.GetNames<FindingSeverity>(), Names("finding", "severity"));
        Assert.Equal(Enum.GetNames<EvidenceFileStatus>().Except(["Read"]).Order(), Names("missing", "status").Order());
        Assert.Equal(Enum.GetNames<PlanAction>(), Names("step", "action"));
        Assert.Equal(Enum.GetNames<SettingKind>(), Names("step", "kind"));
        Assert.Equal(Enum.GetNames<PlanObjective>(), Names("plan", "prefer"));
    }

    [Fact]
    public void A_hostile_name_comes_back_as_it_was() =>
        Assert.Equal(Hostile, Read(Render(Report(HostileHost()), ReportFormat.Json)).GetProperty("hosts")[0].GetProperty("hostName").GetString());

    [Fact]
    public void A_name_with_half_a_character_does_not_stop_the_report() =>
        Assert.Equal("a\uFFFDb", Read(Render(Report(Bare("a\uD800b")), ReportFormat.Json)).GetProperty("hosts")[0].GetProperty("hostName").GetString());

    [Fact]
    public void The_cases_figures_carry_their_bounds_and_sources()
    {
        var pool = Read(Render(Samples(), ReportFormat.Json)).GetProperty("hosts")[0].GetProperty("pools")[0];
        Assert.Equal((170, 26, 256, -112), (Value(pool, "capacity"), Value(pool, "hostUse"), Value(pool, "demand"), pool.GetProperty("headroom").GetInt32()));
        Assert.Equal("Inferred", pool.GetProperty("hostUse").GetProperty("provenance").GetString());
        Assert.NotEqual(0, pool.GetProperty("hostUse").GetProperty("evidence").GetArrayLength());
    }

    private static int Value(JsonElement pool, string figure) => pool.GetProperty(figure).GetProperty("value").GetInt32();

    private static JsonElement Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static List<string> Check(string text)
    {
        var results = Validator.Evaluate(Read(text), new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return results.IsValid ? [] : [.. (results.Details ?? []).SelectMany(each => each.Errors ?? []).Select(each => each.Key + ": " + each.Value).DefaultIfEmpty("not valid")];
    }

    private static IEnumerable<string?> Names(string definition, string? property = null)
    {
        var schema = Schema.GetProperty("$defs").GetProperty(definition);
        if (property is not null) schema = schema.GetProperty("properties").GetProperty(property);
        return schema.GetProperty("enum").EnumerateArray().Select(name => name.GetString());
    }
}
