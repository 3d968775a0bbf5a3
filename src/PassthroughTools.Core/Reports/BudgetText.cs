using System.Globalization;
using PassthroughTools.Pci;
using PassthroughTools.Text;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>A budget as text for a console; the module's default view prints it.</summary>
public static class BudgetText
{
    private const int MostDevices = 24;

    /// <summary>Renders a budget.</summary>
    /// <param name="budget">Budget.</param>
    /// <param name="width">Columns of the console.</param>
    public static string Render(HostVectorBudget budget, int width)
    {
        width = Math.Min(Math.Max(width, 60), 140);
        var version = budget.Version is { } known ? "ESXi " + known : "ESXi version unknown";
        var lines = new List<string> { TextLayout.Cut(budget.HostName, width - 40) + " (" + version + "): " + budget.Verdict.ToString().ToUpperInvariant(), "" };
        if (budget.Pools.Count > 0)
        {
            lines.AddRange(TextLayout.Table(
                ["Pool", ">Capacity", ">Host use", ">Demand", ">Headroom", "Verdict", "Provenance"],
                [.. budget.Pools.Select(pool => (IReadOnlyList<string>)[pool.Pool.ToString(), Number(pool.Capacity), Bound(pool.HostUseFigure), Bound(pool.DemandFigure), Number(pool.Headroom), pool.Verdict.ToString(), pool.Provenance.ToString()])],
                width, 2));
            lines.Add("");
        }

        AddDevices(budget, width, lines);
        lines.Add("  Why");
        for (var i = 0; i < budget.Reasons.Count; i++)
            lines.AddRange(TextLayout.Paragraph(budget.Reasons[i], width, FormattableString.Invariant($"  {i + 1,2}. ")));
        return string.Join("\n", lines.Select(line => line.TrimEnd()));
    }

    private static void AddDevices(HostVectorBudget budget, int width, List<string> lines)
    {
        if (budget.Devices.Count == 0) return;
        var shown = budget.Devices
            .OrderByDescending(device => device.Failure is not null)
            .ThenByDescending(device => device.IsCounted)
            .ThenByDescending(device => device.Demand ?? int.MaxValue)
            .ThenBy(device => device.Address)
            .Take(MostDevices)
            .ToList();
        lines.AddRange(TextLayout.Table(
            ["Device", "VM", ">Slot", ">Asks", ">Takes", "Guest", "Host", "Provenance", "Remark"],
            [.. shown.Select(device => (IReadOnlyList<string>)[
                device.Address?.ToString() ?? "?", TextLayout.Cut(device.VM ?? "-", 20), Number(device.Slot, "-"), Number(device.Requested), Number(device.Demand),
                Mode(device.VirtualMode), Mode(device.PhysicalMode), device.Provenance.ToString(), Remark(device)])],
            width, 2));
        if (budget.Devices.Count > shown.Count)
            lines.Add("  ... and " + Wording.Count(budget.Devices.Count - shown.Count, "more device"));
        lines.Add("");
    }

    private static string Remark(VectorDemand device)
    {
        var remarks = new List<string>();
        if (device.Failure is not null) remarks.Add("refused");
        if (!device.IsCounted) remarks.Add(device.VM is null ? "not in use" : "off, not counted");
        if (device.MessageNumberLimit is { } limit) remarks.Add(FormattableString.Invariant($"limit {limit}"));
        if (device.MsiSupported == false) remarks.Add("MSI off");
        if (device.MsiEnabled == false && device.PhysicalMode != InterruptMode.IntX) remarks.Add("msiEnabled=FALSE idle");
        return string.Join(", ", remarks);
    }

    private static string Mode(InterruptMode mode) => mode switch
    {
        InterruptMode.MsiX => "MSI-X",
        InterruptMode.Msi => "MSI",
        InterruptMode.IntX => "INTx",
        _ => "?",
    };

    private static string Bound(Figure figure) => (figure.Value, figure.Minimum, figure.Maximum) switch
    {
        ({ } value, _, _) => Number(value),
        (null, { } least, _) => Number(least) + "+",
        (null, null, { } most) => "<=" + Number(most),
        _ => "?",
    };

    private static string Number(int? value, string none = "?") => value?.ToString(CultureInfo.InvariantCulture) ?? none;
}
