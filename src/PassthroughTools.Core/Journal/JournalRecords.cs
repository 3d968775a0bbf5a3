using System.Globalization;
using System.Text.Json;

namespace PassthroughTools.Journal;

/// <summary>First line: the run.</summary>
internal sealed record JournalHeader(
    int Schema, string RunId, string? HostName, string? PlanId, string ToolVersion, string Machine, DateTimeOffset Started, int Steps)
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("type", "run");
        json.WriteNumber("schema", Schema);
        json.WriteString("runId", RunId);
        json.WriteString("hostName", HostName);
        json.WriteString("planId", PlanId);
        json.WriteString("toolVersion", ToolVersion);
        json.WriteString("machine", Machine);
        json.WriteString("started", JournalTime.Format(Started));
        json.WriteNumber("steps", Steps);
    }

    public static JournalHeader Read(JsonElement json) => new(
        json.GetProperty("schema").GetInt32(),
        json.GetProperty("runId").GetString()!,
        json.GetProperty("hostName").GetString(),
        json.GetProperty("planId").GetString(),
        json.GetProperty("toolVersion").GetString()!,
        json.GetProperty("machine").GetString()!,
        JournalTime.Parse(json.GetProperty("started").GetString()!),
        json.GetProperty("steps").GetInt32());
}

/// <summary>A step with its prior value; all of them stand right after the header.</summary>
internal sealed record PlannedStep(int Index, SettingTarget Target, SettingValue Before, SettingValue Ours, string? Barrier)
{
    public const string Type = "step-planned";

    public bool Differs => Before != Ours;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("type", Type);
        json.WriteNumber("step", Index);
        json.WriteString("kind", Target.Kind);
        json.WriteString("container", Target.Container);
        json.WriteString("key", Target.Key);
        json.WriteString("display", Target.Display);
        json.WriteString("barrier", Barrier);
        json.WriteString("before", Before.Text);
        json.WriteString("ours", Ours.Text);
    }

    public static PlannedStep Read(JsonElement json) => new(
        json.GetProperty("step").GetInt32(),
        new SettingTarget
        {
            Kind = json.GetProperty("kind").GetString()!,
            Container = json.GetProperty("container").GetString()!,
            Key = json.GetProperty("key").GetString()!,
            Display = json.GetProperty("display").GetString()!,
        },
        Value(json.GetProperty("before")),
        Value(json.GetProperty("ours")),
        json.GetProperty("barrier").GetString());

    private static SettingValue Value(JsonElement json) => json.GetString() is { } text ? SettingValue.Of(text) : SettingValue.Absent;
}

/// <summary>What happened to the run or to a step.</summary>
internal enum JournalEventType
{
    StepStarted,
    StepDone,
    StepFailed,
    RunResumed,
    RunCompleted,
    UndoStarted,
    UndoStep,
    Sealed,
}

/// <summary>A later line.</summary>
internal sealed record JournalEvent(
    JournalEventType Type, int? Step = null, StepOutcome? Outcome = null, string? ErrorId = null, string? Message = null)
{
    private static readonly string[] Names =
        ["step-started", "step-done", "step-failed", "run-resumed", "run-completed", "undo-started", "undo-step", "sealed"];

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("type", Names[(int)Type]);
        json.WriteString("at", JournalTime.Format(DateTimeOffset.UtcNow));
        if (Step is { } step) json.WriteNumber("step", step);
        if (Outcome is { } outcome) json.WriteString("outcome", outcome.ToString());
        if (ErrorId is not null) json.WriteString("errorId", ErrorId);
        if (Message is not null) json.WriteString("message", Message);
    }

    public static JournalEvent? Read(string type, JsonElement json)
    {
        var index = Array.IndexOf(Names, type);
        if (index < 0) return null;
        return new(
            (JournalEventType)index,
            json.TryGetProperty("step", out var step) ? step.GetInt32() : null,
            json.TryGetProperty("outcome", out var outcome) ? (StepOutcome)Enum.Parse(typeof(StepOutcome), outcome.GetString()!) : null,
            json.TryGetProperty("errorId", out var error) ? error.GetString() : null,
            json.TryGetProperty("message", out var message) ? message.GetString() : null);
    }
}

internal static class JournalTime
{
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
