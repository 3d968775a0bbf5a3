using System.Security.Cryptography;
using System.Text;
using PassthroughTools.Findings;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>
/// The report as one page: no script, no network, and a content security policy that forbids both, should an escape ever be forgotten. It is written
/// host by host.
/// </summary>
internal sealed class HtmlReport(TextWriter writer)
{
    private readonly HtmlMarkup _html = new(writer);

    /// <summary>Writes the page.</summary>
    /// <param name="report">Report.</param>
    public void Write(FleetReport report)
    {
        Head(report);
        _html.Raw("<main id=\"main\">\n");
        Summary(report);
        var problems = report.Hosts.Count(host => host.Verdict != BudgetVerdict.Fits);
        if (problems > 0) _html.Element("h2", "Hosts to look at (" + ReportWords.Number(problems) + ")");
        for (var i = 0; i < report.Hosts.Count; i++)
        {
            if (i == problems) _html.Element("h2", "Hosts that fit (" + ReportWords.Number(report.Hosts.Count - problems) + ")");
            new HtmlHostSection(_html, report.Hosts[i], i + 1).Write();
        }

        _html.Raw("</main>\n<footer>\n").Element("p", "Verdicts are drawn from the bounds that the evidence allows: Fits and Exceeds are as sure as the evidence they come from; where it allows either, the verdict is Unknown. "
            + "How sure a figure is: Measured was read from the host or the guest, Documented is the vendor's word, Inferred follows from other evidence, Assumed is taken for granted.");
        _html.Raw("</footer>\n</body>\n</html>\n");
    }

    /// <summary>A verdict, which the style gives a colour and a sign; the word says it without either.</summary>
    internal static void Verdict(HtmlMarkup html, BudgetVerdict verdict)
    {
        html.Raw("<span class=\"v v-" + verdict.ToString().ToLowerInvariant() + "\">" + verdict + "</span>");
    }

    private static string PolicyHash()
    {
        using var sha = SHA256.Create();
        return "sha256-" + Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(HtmlStyle.Sheet)));
    }

    private void Head(FleetReport report)
    {
        _html.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" + PolicyHash() + "'; img-src data:; base-uri 'none'; form-action 'none'\"/>\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<link rel=\"icon\" href=\"data:,\"/>\n<title>").Text(report.Options.Title)
            .Raw("</title>\n<style>").Raw(HtmlStyle.Sheet).Raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the hosts</a>\n<header>\n")
            .Element("h1", report.Options.Title)
            .Open("p", "meta").Raw("Made by PassthroughTools ").Text(report.GeneratorVersion).Raw(", ").Text(ReportWords.Clock(report.GeneratedAt)).Raw(" UTC");
        if (report.Options.Headroom > 0) _html.Raw("; headroom asked for: ").Number(report.Options.Headroom);
        if (report.Options.IncludePoweredOff) _html.Raw("; VMs that are off are counted");
        _html.Raw(".</p>\n</header>\n");
    }

    private void Summary(FleetReport report)
    {
        _html.Raw("<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Summary</h2>\n").Element("p", Lead(report), "lead").Raw("<ul class=\"tiles\">\n");
        foreach (var verdict in FleetReport.Verdicts)
        {
            var count = report.Count(verdict);
            _html.Raw("<li class=\"" + (count == 0 ? "none" : "is-" + verdict.ToString().ToLowerInvariant()) + "\"><b>").Number(count).Raw("</b> ");
            Verdict(_html, verdict);
            _html.Raw("</li>\n");
        }

        _html.Raw("</ul>\n");
        if (report.SharedNames.Count > 0)
            _html.Open("p", "card").Raw("More than one host of the report is called: ").Name(string.Join(", ", report.SharedNames.Take(8))).Raw(".</p>\n");
        _html.Raw("<div class=\"card\">\n");
        HtmlTable.Fleet.Open(_html, ReportWords.Count(report.Hosts.Count, "host") + ", problems first. Ran dry: lines of the log since the last boot which prove that a pool had nothing left.");
        for (var i = 0; i < report.Hosts.Count; i++) Row(report.Hosts[i], i + 1);
        HtmlTable.Close(_html);
        _html.Raw("</div>\n</section>\n");
    }

    private void Row(HostReport host, int number)
    {
        _html.Raw("<tr><th scope=\"row\"><a href=\"#h").Number(number).Raw("\">").Name(host.HostName).Raw("</a></th><td>").Text(host.Budget.Version?.ToString() ?? "unknown").Raw("</td><td>");
        Verdict(_html, host.Verdict);
        _html.Raw("</td><td>").Text(host.TightestPool is { } pool ? ReportWords.Pool(pool.Pool) : "none known").Raw("</td><td>").Text(host.TightestPool?.Headroom is { } left ? ReportWords.Number(left) : "unknown")
            .Raw("</td><td>").Text(host.ExhaustionEvents is { } count ? ReportWords.Number(count) : "no log").Raw("</td><td>").Text(Findings(host))
            .Raw("</td><td>").Text(ReportWords.Clock(host.Budget.CollectedAt, toMinute: true) ?? "unknown").Raw("</td></tr>");
    }

    private static string Findings(HostReport host)
    {
        var errors = host.Findings.Count(finding => finding.Severity == FindingSeverity.Error);
        var warnings = host.Findings.Count(finding => finding.Severity == FindingSeverity.Warning);
        if (errors + warnings == 0) return "none";
        return (errors > 0 ? ReportWords.Count(errors, "error") : "") + (errors > 0 && warnings > 0 ? ", " : "") + (warnings > 0 ? ReportWords.Count(warnings, "warning") : "");
    }

    /// <summary>The report in one sentence.</summary>
    private static string Lead(FleetReport report)
    {
        if (report.Hosts.Count == 1)
        {
            return report.Hosts[0].Verdict switch
            {
                BudgetVerdict.Exceeds => "The host is asked for more than a pool holds.",
                BudgetVerdict.Unknown => "Whether the host fits can't be decided from the evidence.",
                BudgetVerdict.Tight => "The host fits, and less is left than the headroom asked for.",
                _ => "The host fits.",
            };
        }

        int exceeds = report.Count(BudgetVerdict.Exceeds), unknown = report.Count(BudgetVerdict.Unknown), tight = report.Count(BudgetVerdict.Tight);
        var all = ReportWords.Count(report.Hosts.Count, "host");
        if (report.Hosts.Count == 0) return "No host.";
        var parts = new List<string>();
        if (exceeds > 0) parts.Add(ReportWords.Number(exceeds) + " of " + all + (exceeds == 1 ? " is" : " are") + " asked for more than a pool holds");
        if (unknown > 0) parts.Add(ReportWords.Number(unknown) + (exceeds > 0 ? "" : " of " + all) + " can't be decided from the evidence");
        if (tight > 0) parts.Add(ReportWords.Number(tight) + (parts.Count > 0 ? "" : " of " + all) + (tight == 1 ? " fits" : " fit") + " with less left than the headroom asked for");
        if (parts.Count > 0) return string.Join("; ", parts) + ".";
        return "All " + all + " fit.";
    }
}
