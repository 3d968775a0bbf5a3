using System.Globalization;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>Draws a pool as a bar: the host's own use, the passthrough devices', what is free, and what is beyond the capacity.</summary>
internal static class HtmlPoolBar
{
    private const double Width = 1000;

    /// <summary>Draws the bar, and its legend, which says in words what it shows. A pool without a capacity has no bar; where a use is unknown, what is left is not drawn as free.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="pool">Pool.</param>
    /// <param name="most">What the whole width stands for; by default the capacity or, where it is more, what is taken.</param>
    public static void Write(HtmlMarkup html, HostVectorPool pool, double most = 0)
    {
        if (pool.Capacity is not { } capacity || capacity <= 0)
        {
            html.Element("p", "No bar: the capacity of this pool is not known.", "note");
            return;
        }

        var (host, demand) = Taken(pool);
        var isWhole = pool is { HostUse: not null, Demand: not null };
        var scale = Width / Math.Max(most, Most(pool));
        var legend = Legend(pool, capacity, host, demand, isWhole);
        html.Raw("<svg class=\"bar\" viewBox=\"0 0 1000 30\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        Rectangle(html, isWhole ? "b-free" : "b-open", 0, capacity * scale);
        var within = Math.Min(host + demand, capacity);
        Rectangle(html, "b-host", 0, Math.Min(host, capacity) * scale);
        Rectangle(html, "b-demand", Math.Min(host, capacity) * scale, within * scale);
        if (host + demand > capacity)
        {
            Rectangle(html, "b-over", capacity * scale, (host + demand) * scale);
            Rectangle(html, "b-limit", capacity * scale - 2, capacity * scale + 2, isTall: true);
        }

        html.Raw("</svg><ul class=\"legend\">");
        foreach (var (style, words) in legend) html.Raw("<li class=\"").Raw(style).Raw("\">").Text(words).Raw("</li>");
        html.Raw("</ul>\n");
    }

    /// <summary>What a bar must have room for: the capacity, and more where more is taken.</summary>
    /// <param name="pool">Pool.</param>
    public static double Most(HostVectorPool pool)
    {
        var (host, demand) = Taken(pool);
        return Math.Max(pool.Capacity ?? 0, (double)host + demand);
    }

    /// <summary>A pool's name in words.</summary>
    /// <param name="pool">Pool.</param>
    public static string Words(HostVectorPool pool) => BudgetReasons.Name(pool.Pool);

    private static List<(string Style, string Words)> Legend(HostVectorPool pool, int capacity, int host, int demand, bool isWhole)
    {
        var left = capacity - host - demand;
        var legend = new List<(string Style, string Words)>
        {
            ("b-host", "host " + (pool.HostUse is null ? "unknown" + AtLeast(host) : Number(host))),
            ("b-demand", "passthrough " + (pool.Demand is null ? "unknown" + AtLeast(demand) : Number(demand))),
        };
        if (left < 0) legend.Add(("b-over", Number(-left) + " beyond the capacity of " + Number(capacity)));
        else legend.Add(isWhole ? ("b-free", Number(left) + " free of " + Number(capacity)) : ("b-open", "free or taken, not known: up to " + Number(left) + " of " + Number(capacity)));
        return legend;
    }

    private static (int Host, int Demand) Taken(HostVectorPool pool) => (pool.HostUse ?? pool.HostUseFigure.Minimum ?? 0, pool.Demand ?? pool.DemandFigure.Minimum ?? 0);

    private static string AtLeast(int least) => least > 0 ? ", at least " + Number(least) : "";

    private static void Rectangle(HtmlMarkup html, string style, double from, double to, bool isTall = false)
    {
        if (to - from < 0.05) return;
        html.Raw("<rect class=\"" + style + "\" x=\"" + Number(from) + "\" y=\"" + (isTall ? "0" : "4") + "\" width=\"" + Number(to - from) + "\" height=\"" + (isTall ? "30" : "22") + "\"/>");
    }

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
