using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using PassthroughTools.Logs;
using PassthroughTools.Vectors;

namespace PassthroughTools.Reports;

/// <summary>The part of the page that speaks of one host; one that fits is folded.</summary>
/// <param name="html">Where to.</param>
/// <param name="host">Host.</param>
/// <param name="number">Its place in the report, from 1, which its anchor is made of.</param>
internal sealed class HtmlHostSection(HtmlMarkup html, HostReport host, int number)
{
    private const int MostDevices = 200;
    private const int MostConcerned = 24;

    /// <summary>Writes the section.</summary>
    public void Write()
    {
        var id = "h" + ReportWords.Number(number);
        var isFolded = host.Verdict == BudgetVerdict.Fits;
        html.Raw(isFolded ? "<details class=\"card host\" id=\"" + id + "\"><summary>" : "<section class=\"card host\" id=\"" + id + "\" aria-labelledby=\"" + id + "-name\">");
        html.Raw("<span class=\"headline\"><h3 id=\"" + id + "-name\">").Name(host.HostName).Raw("</h3> ");
        HtmlReport.Verdict(html, host.Verdict);
        html.Raw(isFolded ? "</span></summary>" : "</span>");
        About();
        foreach (var pool in host.Budget.Pools) Pool(pool);
        Reasons();
        Devices();
        Events();
        LookAlikes();
        Findings();
        if (host.PlanProblem is { } problem)
        {
            html.Element("h4", "Plan").Element("p", "No plan could be made: " + problem);
        }
        else if (host.Plan is { } plan)
        {
            HtmlPlan.Write(html, plan);
        }

        Missing();
        html.Close(isFolded ? "details" : "section").Raw("\n");
    }

    /// <summary>Writes where a statement comes from: the first line as it is, the others by their place.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="sources">Sources.</param>
    internal static void Sources(HtmlMarkup html, IReadOnlyList<SourceReference> sources)
    {
        if (sources.Count == 0) return;
        html.Raw("<div class=\"ev\"><code>").Text(sources[0].ToString()).Raw("</code>");
        if (sources.Count > 1) html.Text(" and " + SourcePlaces.Of(sources.Skip(1)));
        html.Raw("</div>");
    }

    private void About()
    {
        var words = new List<string>
        {
            host.Budget.Version is { } version ? "ESXi " + version + (version.Build is { } build ? " build " + build.ToString(System.Globalization.CultureInfo.InvariantCulture) : "") : "ESXi version unknown",
        };
        if (host.LogicalCpus is { } cpus) words.Add(ReportWords.Count(cpus, "logical CPU"));
        words.Add(ReportWords.Clock(host.Budget.CollectedAt) is { } time ? "collected " + time + " UTC" : "when it was collected is unknown");
        html.Open("p", "meta").Text(string.Join(" \u00B7 ", words));
        if (host.Source is { } source) html.Raw(" \u00B7 from ").Element("code", source);
        html.Raw("</p>");
    }

    private void Reasons()
    {
        // What stands in a place of its own is not said twice: sums beside their bars, look-alikes and gaps in their lists.
        string[] elsewhere =
        [
            .. host.Budget.Pools.Select(pool => HtmlPoolBar.Words(pool) + ": " + pool.Arithmetic),
            .. host.LookAlikes.Select(group => BudgetReasons.OfLookAlike(group.Kind, group.Count, group.First)),
            BudgetReasons.OfMissing([.. host.Missing.Where(file => file.Status is EvidenceFileStatus.Missing or EvidenceFileStatus.Unreadable).Select(file => file.Name)]),
        ];
        var reasons = host.Budget.Reasons.Where(reason => !Array.Exists(elsewhere, start => reason.StartsWith(start, StringComparison.Ordinal))).ToList();
        if (reasons.Count == 0) return;
        html.Element("h4", "What the evidence says").Raw("<ul>");
        foreach (var reason in reasons) html.Element("li", reason);
        html.Raw("</ul>\n");
    }

    private void Pool(HostVectorPool pool)
    {
        html.Raw("<h4>").Text(HtmlPoolBar.Words(pool)).Raw(" ");
        HtmlReport.Verdict(html, pool.Verdict);
        html.Raw("</h4>");
        HtmlPoolBar.Write(html, pool);
        html.Open("p").Element("code", pool.Arithmetic, "sum").Raw(" <small>capacity - host - passthrough = headroom</small></p>");
        HtmlTable.Figures.Open(html, "Where the figures come from");
        foreach (var (name, figure) in new[] { ("Capacity", pool.CapacityFigure), ("Host's own use", pool.HostUseFigure), ("Passthrough demand", pool.DemandFigure) })
        {
            html.Raw("<tr><th scope=\"row\">").Text(name).Raw("</th><td>").Text(ReportWords.Bound(figure)).Raw("</td><td>").Text(figure.Provenance.ToString())
                .Raw("</td><td>").Text(figure.Explanation);
            Sources(html, figure.Evidence);
            html.Raw("</td></tr>");
        }

        HtmlTable.Close(html);
    }

    private void Devices()
    {
        html.Element("h4", "Passthrough devices");
        if (host.Budget.Devices.Count == 0)
        {
            html.Element("p", "None is known from the evidence.");
            return;
        }

        var shown = ReportWords.Sorted(host.Budget.Devices).Take(MostDevices).ToList();
        var most = shown.Max(device => device.Demand) ?? 0;
        HtmlTable.Devices.Open(html, ReportWords.Count(host.Budget.Devices.Count, "device") + ", refused ones first, then by what they take"
            + (shown.Count < host.Budget.Devices.Count ? "; the first " + ReportWords.Number(shown.Count) + " are shown" : ""));
        foreach (var device in shown)
        {
            html.Raw(device.Failure is null ? "<tr><th scope=\"row\">" : "<tr class=\"bad\"><th scope=\"row\">").Text(device.Address?.ToString() ?? "address unknown");
            if (device.DeviceName is { } name) html.Raw("<small>").Name(name).Raw("</small>");
            html.Raw("</th><td>");
            if (device.VM is { } vm) html.Name(vm);
            else html.Raw("none known");
            if (device.Slot is { } slot) html.Raw("<small>pciPassthru").Number(slot).Raw("</small>");
            html.Raw("</td><td>").Text(ReportWords.Number(device.Requested)).Raw("</td><td>").Text(ReportWords.Number(device.Demand));
            Share(device.IsCounted ? device.Demand : null, most);
            html.Raw("</td><td>").Text(ReportWords.Mode(device.VirtualMode)).Raw("</td><td>").Text(ReportWords.Mode(device.PhysicalMode))
                .Raw("</td><td>").Text(device.Provenance.ToString()).Raw("</td><td>").Text(ReportWords.Remark(device)).Raw("</td></tr>");
        }

        HtmlTable.Close(html);
    }

    /// <summary>What a device takes against the one that takes most, as a bar.</summary>
    private void Share(int? demand, int most)
    {
        if (demand is not > 0) return;
        html.Raw("<b class=\"share s").Number(Math.Max(1, (demand.Value * (long)HtmlStyle.Shares + most - 1) / most)).Raw("\"></b>");
    }

    private void Events()
    {
        if (host.Timeline.Count == 0)
        {
            html.Element("h4", "What the logs tell").Element("p", host.ExhaustionEvents is null ? "No vmkernel log was given." : "No request, failure or boot is in the logs.");
            return;
        }

        // A log without a failure is worth a look only to those who look for something.
        var failures = host.Timeline.Count(ReportTimeline.IsFailure);
        html.Raw(failures > 0 ? "<details class=\"log\" open=\"open\">" : "<details class=\"log\">").Raw("<summary><h4>What the logs tell</h4> <small>")
            .Text(ReportWords.Count(host.Timeline.Count, "event") + ", " + (failures == 0 ? "no failure" : ReportWords.Count(failures, "failure"))).Raw("</small></summary>");
        HtmlTable.Events.Open(html, "Oldest first; what an event means is said where it comes first. A request by itself is no failure."
            + (host.OmittedEvents > 0 ? " " + ReportWords.Number(host.OmittedEvents) + " more are left out; Get-PassthruLogEvent shows them." : ""));
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in host.Timeline)
        {
            html.Raw(ReportTimeline.IsFailure(entry) ? "<tr class=\"bad\"><th scope=\"row\">" : "<tr><th scope=\"row\">").Text(ReportWords.Clock(entry.Time) ?? "no date").Raw("</th><td><strong>")
                .Text(ReportWords.Event(entry.Kind)).Raw("</strong>");
            if ((entry.Device?.ToString() ?? entry.DeviceText) is { } device) html.Text(", " + device);
            if (entry.Vectors is { } n) html.Text(", " + ReportWords.Count(n, "vector"));
            if (entry.Kind != LogEventKind.PassthruRequest && told.Add(entry.Meaning)) html.Raw("<small>").Text(entry.Meaning).Raw("</small>");
            html.Raw("</td><td><code>").Text(entry.Text).Raw("</code><small>").Text(ReportWords.Place(entry)).Raw("</small></td></tr>");
        }

        HtmlTable.Close(html);
        html.Close("details");
    }

    private void LookAlikes()
    {
        if (host.LookAlikes.Count == 0) return;
        html.Element("h4", "What looks like exhaustion and is not").Raw("<ul>");
        foreach (var group in host.LookAlikes)
        {
            html.Raw("<li><strong>").Text(ReportWords.Event(group.Kind)).Raw("</strong>, ").Text(ReportWords.Count(group.Count, "line")).Raw(". ").Text(group.First.Meaning)
                .Raw(" <code>").Text(ReportWords.Place(group.First)).Raw("</code></li>");
        }

        html.Raw("</ul>\n");
    }

    private void Findings()
    {
        html.Element("h4", "Findings");
        if (host.Findings.Count == 0)
        {
            html.Element("p", "None. A rule is silent where the evidence that it needs was not given.");
            return;
        }

        // What is said of eight devices in the same words is said once, with the eight named.
        html.Raw("<ul class=\"findings\">");
        foreach (var alike in host.Findings.GroupBy(finding => (finding.Severity, finding.Id, Message: AnySlot(finding, finding.Message), Advice: AnySlot(finding, finding.Advice)))) Finding([.. alike]);
        html.Raw("</ul>\n");
    }

    private void Finding(List<PassthruFinding> alike)
    {
        var finding = alike[0];
        var (message, advice) = alike.Count > 1 ? (AnySlot(finding, finding.Message), AnySlot(finding, finding.Advice)) : (finding.Message, finding.Advice);
        var style = finding.Severity switch
        {
            FindingSeverity.Error => "v v-exceeds",
            FindingSeverity.Warning => "v v-tight",
            _ => "v v-unknown",
        };
        html.Raw(finding.Severity switch
        {
            FindingSeverity.Error => "<li class=\"is-exceeds\">",
            FindingSeverity.Warning => "<li class=\"is-tight\">",
            _ => "<li>",
        });
        html.Raw("<p><span class=\"" + style + "\">" + finding.Severity + "</span> <strong>").Text(finding.Id + " " + finding.Name).Raw("</strong>");
        if (alike.Count > 1) html.Text(", " + ReportWords.Number(alike.Count) + " times");
        for (var i = 0; i < Math.Min(alike.Count, MostConcerned); i++) Concerned(alike[i], i == 0 ? ": " : "; ");
        if (alike.Count > MostConcerned) html.Text("; and " + ReportWords.Number(alike.Count - MostConcerned) + " more");
        html.Raw(" <small>(").Text(alike.Min(each => each.Provenance) is var sure && sure == Provenance.Unknown ? "how sure: unknown" : sure.ToString().ToLowerInvariant()).Raw(")</small></p>")
            .Element("p", message).Raw("<p><strong>What to do:</strong> ").Text(advice).Raw("</p>");
        Sources(html, [.. alike.SelectMany(each => each.Evidence).Distinct()]);
        html.Raw("</li>");
    }

    /// <summary>Words that are the same for every slot of a VM.</summary>
    private static string AnySlot(PassthruFinding finding, string text) =>
        finding.Slot is { } slot ? text.Replace("pciPassthru" + ReportWords.Number(slot) + ".", "pciPassthruN.") : text;

    private void Concerned(PassthruFinding finding, string separator)
    {
        var words = new List<string>();
        if (finding.Slot is { } slot) words.Add("pciPassthru" + ReportWords.Number(slot));
        if (finding.Device is { } device) words.Add(device.ToString());
        if (finding.VM is null && words.Count == 0) return;
        html.Raw(separator);
        if (finding.VM is { } vm) html.Name(vm).Raw(words.Count > 0 ? " " : "");
        html.Text(string.Join(" ", words));
    }

    private void Missing()
    {
        if (host.Missing.Count + host.Warnings.Count == 0) return;
        html.Element("h4", "What the evidence lacks").Raw("<ul>");
        foreach (var file in host.Missing)
        {
            var status = file.Status switch
            {
                EvidenceFileStatus.Missing => "not given",
                EvidenceFileStatus.Unreadable => "not readable",
                _ => "read in part",
            };
            html.Raw("<li><code>").Text(file.Name).Raw("</code>: ").Text(status + ". " + file.Detail).Raw("</li>");
        }

        foreach (var warning in host.Warnings) html.Element("li", warning);
        html.Raw("</ul>\n");
    }
}
