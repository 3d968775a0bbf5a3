using PassthroughTools.Planning;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>The part of a host's section that shows its plan, before and after.</summary>
internal static class HtmlPlan
{
    private const int MostSteps = 200;

    /// <summary>Writes the plan.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="plan">Plan.</param>
    public static void Write(HtmlMarkup html, RemediationPlan plan)
    {
        html.Element("h4", "Plan").Open("p").Text(Heading(plan)).Raw(" <small>Plan ").Text(plan.Id).Raw(", prefers ").Text(plan.Prefer.ToString()).Raw(". Nothing was changed.</small></p>");
        Comparison(html, plan);
        Steps(html, plan);
        List(html, "Taken for granted", plan.Assumptions);
        List(html, "Advice", plan.Advice);
    }

    private static string Heading(RemediationPlan plan)
    {
        if (!plan.IsFeasible) return "No permitted change of settings makes every pool fit.";
        return ReportWords.Count(plan.Steps.Count, "change") + " in " + ReportWords.Count(plan.VMs.Count, "VM") + ": " + plan.Before.Verdict + " becomes " + plan.After.Verdict
            + (plan.IsProvenOptimal ? ", and no plan disturbs less." : "; a plan that disturbs less may exist.");
    }

    private static void Comparison(HtmlMarkup html, RemediationPlan plan)
    {
        if (plan.Before.Pools.Count == 0) return;
        HtmlTable.Comparison.Open(html, "Pools now and with all changes made");
        foreach (var before in plan.Before.Pools)
        {
            var after = plan.After.Pools.FirstOrDefault(pool => pool.Pool == before.Pool) ?? before;
            html.Raw("<tr><th scope=\"row\">").Text(HtmlPoolBar.Words(before)).Raw("</th><td>").Text(ReportWords.Number(before.Demand)).Raw("</td><td>").Text(ReportWords.Number(after.Demand))
                .Raw("</td><td>").Text(ReportWords.Number(before.Headroom)).Raw("</td><td>").Text(ReportWords.Number(after.Headroom)).Raw("</td><td>");
            HtmlReport.Verdict(html, before.Verdict);
            html.Raw("</td><td>");
            HtmlReport.Verdict(html, after.Verdict);
            html.Raw("</td></tr>");
        }

        HtmlTable.Close(html);
        foreach (var before in plan.Before.Pools)
        {
            if (plan.After.Pools.FirstOrDefault(pool => pool.Pool == before.Pool) is not { } after || after.Demand == before.Demand) continue;

            // One scale, or what is taken less would look as long.
            var most = Math.Max(HtmlPoolBar.Most(before), HtmlPoolBar.Most(after));
            Bar(html, before, "Now", most);
            Bar(html, after, "Then", most);
        }
    }

    private static void Bar(HtmlMarkup html, HostVectorPool pool, string when, double most)
    {
        html.Open("p", "when").Text(when + ": " + HtmlPoolBar.Words(pool)).Raw("</p>");
        HtmlPoolBar.Write(html, pool, most);
    }

    private static void Steps(HtmlMarkup html, RemediationPlan plan)
    {
        if (plan.Steps.Count == 0) return;
        HtmlTable.Steps.Open(html, ReportWords.Count(plan.Steps.Count, "change")
            + (plan.Steps.Count > MostSteps ? "; the first " + ReportWords.Number(MostSteps) + " are shown" : ""));
        foreach (var step in plan.Steps.Take(MostSteps))
        {
            html.Raw("<tr><th scope=\"row\">").Number(step.Number).Raw("</th><td>").Name(step.VM).Raw("</td><td>").Text(step.Device?.ToString() ?? "-").Raw("</td><td>").Text(step.ShortKey)
                .Raw("</td><td>").Text(step.OldValue ?? "(absent)").Raw("</td><td>").Text(step.NewValue ?? "(absent)").Raw("</td><td>").Text(step.Reason).Raw("</td></tr>");
        }

        HtmlTable.Close(html);
        html.Raw("<details class=\"kept\"><summary>Where the settings are kept</summary><ul>");
        foreach (var step in plan.Steps.Take(MostSteps)) html.Raw("<li>Step ").Number(step.Number).Raw(": <code>").Text(step.Key).Raw("</code> in <code>").Text(step.Container).Raw("</code></li>");
        html.Raw("</ul></details>\n");
    }

    private static void List(HtmlMarkup html, string heading, IReadOnlyList<string> items)
    {
        if (items.Count == 0) return;
        html.Element("h5", heading).Raw("<ul>");
        foreach (var item in items) html.Element("li", item);
        html.Raw("</ul>\n");
    }
}
