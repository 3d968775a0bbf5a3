using System.Globalization;
using PassthroughTools.Planning;
using PassthroughTools.Remediation;
using PassthroughTools.Text;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>Plans and their results as text for a console.</summary>
public static class PlanText
{
    private const int MostSteps = 40;

    /// <summary>Renders a plan.</summary>
    /// <param name="plan">Plan.</param>
    /// <param name="width">Columns of the console.</param>
    public static string Render(RemediationPlan plan, int width)
    {
        width = Clamp(width);
        List<string> lines = [.. TextLayout.Paragraph(Heading(plan), width, ""), ""];
        AddPools(lines, plan.Before, plan.After, width);
        AddSteps(lines, plan, width);
        AddList(lines, "Taken for granted", plan.Assumptions, width);
        AddList(lines, "Advice", plan.Advice, width);
        return Join(lines);
    }

    /// <summary>Renders what a remediation did.</summary>
    /// <param name="result">Result.</param>
    /// <param name="width">Columns of the console.</param>
    public static string Render(RemediationResult result, int width)
    {
        width = Clamp(width);
        var lines = new List<string> { result.HostName + ": " + Words(result.Outcome) + (result.RunId is { } id ? ", run " + id : ""), "" };
        if (result is { Before: { } before, After: { } after }) AddPools(lines, before, after, width);
        if (result.Plan is { } plan && result.Outcome != RemediationOutcome.NothingToDo) AddSteps(lines, plan, width);
        if (result.Outcome is RemediationOutcome.Infeasible && result.Plan is { } failed) AddList(lines, "Advice", failed.Advice, width);
        AddList(lines, "Next", result.NextSteps, width);
        return Join(lines);
    }

    private static string Heading(RemediationPlan plan) =>
        plan.HostName + ", plan " + plan.Id + " (" + plan.Prefer + "): "
        + (!plan.IsFeasible ? "NOT FEASIBLE"
            : plan.Steps.Count == 0 ? "NOTHING TO DO"
            : FormattableString.Invariant($"{Wording.Count(plan.Steps.Count, "change")} in {Wording.Count(plan.VMs.Count, "VM")}, {plan.Before.Verdict} -> {plan.After.Verdict}"));

    private static string Words(RemediationOutcome outcome) => outcome switch
    {
        RemediationOutcome.NothingToDo => "NOTHING TO DO",
        RemediationOutcome.Projected => "WOULD BE FIXED",
        RemediationOutcome.Fixed => "FIXED, as far as the evidence tells",
        RemediationOutcome.Applied => "APPLIED, whether it fits is not certain",
        RemediationOutcome.Infeasible => "NOT FEASIBLE, nothing changed",
        _ => "FAILED",
    };

    private static void AddPools(List<string> lines, HostVectorBudget before, HostVectorBudget after, int width)
    {
        if (before.Pools.Count == 0) return;
        var later = after.Pools.ToDictionary(pool => pool.Pool);
        // The verdict comes last and would be cut: at 80 columns the headings give way.
        var narrow = width < 90;
        lines.AddRange(TextLayout.Table(
            ["Pool", ">Capacity", narrow ? ">Host" : ">Host use", ">Demand", ">then", narrow ? ">Left" : ">Headroom", ">then", "Verdict"],
            [.. before.Pools.Select(pool =>
            {
                var then = later.TryGetValue(pool.Pool, out var found) ? found : pool;
                return (IReadOnlyList<string>)[
                    pool.Pool.ToString(), Number(pool.Capacity), Number(pool.HostUse), Number(pool.Demand), Number(then.Demand), Number(pool.Headroom), Number(then.Headroom),
                    pool.Verdict == then.Verdict ? pool.Verdict.ToString() : pool.Verdict + " -> " + then.Verdict];
            })],
            width, 2));
        lines.Add("");
    }

    private static void AddSteps(List<string> lines, RemediationPlan plan, int width)
    {
        if (plan.Steps.Count == 0) return;
        lines.AddRange(TextLayout.Table(
            [">#", "VM", "Device", "Setting", "Old", "New", "What it does"],
            [.. plan.Steps.Take(MostSteps).Select(step => (IReadOnlyList<string>)[
                step.Number.ToString(CultureInfo.InvariantCulture), TextLayout.Cut(step.VM, 20), step.Device?.ToString() ?? "-", step.ShortKey, step.OldValue ?? "(absent)", step.NewValue ?? "(absent)", step.Reason])],
            width, 2));
        if (plan.Steps.Count > MostSteps) lines.Add(FormattableString.Invariant($"  ... and {plan.Steps.Count - MostSteps} more"));
        lines.Add("");
    }

    private static void AddList(List<string> lines, string heading, IReadOnlyList<string> items, int width)
    {
        if (items.Count == 0) return;
        lines.Add("  " + heading);
        foreach (var item in items) lines.AddRange(TextLayout.Paragraph(item, width, "  - "));
        lines.Add("");
    }

    private static string Join(List<string> lines)
    {
        while (lines.Count > 0 && lines[lines.Count - 1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return string.Join("\n", lines.Select(line => line.TrimEnd()));
    }

    private static int Clamp(int width) => Math.Min(Math.Max(width, 60), 140);

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
