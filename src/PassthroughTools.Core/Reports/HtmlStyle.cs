using System.Text;

namespace PassthroughTools.Reports;

/// <summary>
/// The page's style. Every colour is a variable with a light and a dark value; a test computes the contrast of each rule's text and ground. Paper gets the light
/// values. On a narrow page tables become cards, so that nothing has to be scrolled sideways.
/// </summary>
internal static class HtmlStyle
{
    private const string Light = """
        --page:#f3f5f8;--card:#ffffff;--text:#1b2430;--muted:#4a5563;--line:#c5ccd6;--link:#0b57a4;--code:#eef1f5;
        --exceeds:#a4161a;--on-exceeds:#ffffff;--unknown:#5b3a8c;--on-unknown:#ffffff;--tight:#7a4a00;--on-tight:#ffffff;--fits:#1e6b34;--on-fits:#ffffff;
        --b-host:#5b6b82;--b-demand:#1668b8;--b-over:#b3261e;--b-free:#e3e8ee;--edge:#6b7686;
        """;

    private const string Dark = """
        --page:#11161d;--card:#1a212b;--text:#e6eaf0;--muted:#aab4c2;--line:#3a4554;--link:#8ab8f5;--code:#242d39;
        --exceeds:#ffb4ab;--on-exceeds:#3b0906;--unknown:#d3bdf7;--on-unknown:#24123f;--tight:#ffcf87;--on-tight:#382200;--fits:#96dba6;--on-fits:#06280f;
        --b-host:#8fa0b8;--b-demand:#4f9df0;--b-over:#ff897d;--b-free:#2a333f;--edge:#8a96a8;
        """;

    private const string Common = """
        *{box-sizing:border-box}
        html{color-scheme:light dark;font:100%/1.5 system-ui,"Segoe UI",Roboto,"Liberation Sans",sans-serif;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--text);overflow-wrap:anywhere}
        header,main,footer{max-width:80rem;margin:0 auto;padding:0 1.5rem}
        footer{padding-bottom:2rem;color:var(--muted);background:var(--page);font-size:.9rem}
        h1{font-size:1.75rem;line-height:1.2;margin:1.75rem 0 .25rem}
        h2{font-size:1.3rem;line-height:1.3;margin:2rem 0 .75rem}
        h3{font-size:1.2rem;line-height:1.3;margin:0;display:inline}
        h4{font-size:1rem;margin:1.75rem 0 .5rem}
        h5{font-size:.95rem;margin:1.25rem 0 .25rem}
        p{margin:.5rem 0}
        .lead{font-size:1.1rem;margin:0 0 .75rem}
        a{color:var(--link);background:var(--card)}
        a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
        code{font:.875em/1.45 ui-monospace,Consolas,"Liberation Mono",monospace;background:var(--code);color:var(--text);padding:.05em .3em;border-radius:3px;-webkit-box-decoration-break:clone;box-decoration-break:clone}
        .sum{display:inline-block;font-size:1rem;padding:.15em .5em}
        .note,.meta,.when{color:var(--muted);background:var(--card);margin:.25rem 0}
        .when{margin-top:1rem;font-size:.9rem;font-weight:600}
        .sum+small,summary>small{color:var(--muted);background:var(--card);font-size:.85rem}
        header .meta{background:var(--page)}
        .skip{position:absolute;left:1rem;top:0;padding:.5rem 1rem;background:var(--card);color:var(--link);transform:translateY(-120%)}
        .skip:focus{transform:none}
        .card{background:var(--card);color:var(--text);border:1px solid var(--line);border-radius:8px;padding:1.25rem 1.5rem;margin:0 0 1rem}
        .host{content-visibility:auto;contain-intrinsic-size:auto 60rem}
        details.host{contain-intrinsic-size:auto 4rem;padding-block:.75rem}
        summary{cursor:pointer}
        .headline{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline}
        summary .headline,summary h4{display:inline-flex}
        .log{margin-top:1.75rem}
        .log h4{margin:0}
        .ev{margin:.3rem 0 .1rem;color:var(--muted);background:var(--card);font-size:.85rem}
        .kept{margin:.5rem 0;font-size:.9rem}
        .kept summary{color:var(--link);background:var(--card);width:fit-content}
        .ev code,.t-events td code{display:block;width:fit-content;margin-top:.25rem}
        .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.75rem;list-style:none;margin:0 0 1rem;padding:0}
        .tiles li{background:var(--card);color:var(--text);border:1px solid var(--line);border-top:4px solid var(--mark,var(--line));border-radius:8px;padding:.6rem 1rem .8rem;margin:0}
        .tiles b{display:block;font-size:2rem;line-height:1.2;margin-bottom:.25rem;font-variant-numeric:tabular-nums}
        .tiles .none b{color:var(--muted);background:var(--card)}
        .is-exceeds{--mark:var(--exceeds)}
        .is-unknown{--mark:var(--unknown)}
        .is-tight{--mark:var(--tight)}
        .is-fits{--mark:var(--fits)}
        .v{display:inline-block;border-radius:4px;padding:0 .5em;font-size:.9rem;font-weight:600;white-space:nowrap}
        .v-exceeds::before{content:"\2715\a0";content:"\2715\a0" / ""}
        .v-unknown::before{content:"?\a0";content:"?\a0" / ""}
        .v-tight::before{content:"!\a0";content:"!\a0" / ""}
        .v-fits::before{content:"\2713\a0";content:"\2713\a0" / ""}
        .findings .v::before{content:none}
        .v-exceeds{background:var(--exceeds);color:var(--on-exceeds)}
        .v-unknown{background:var(--unknown);color:var(--on-unknown)}
        .v-tight{background:var(--tight);color:var(--on-tight)}
        .v-fits{background:var(--fits);color:var(--on-fits)}
        table{border-collapse:collapse;table-layout:fixed;width:100%;font-size:.9rem;background:var(--card);color:var(--text)}
        caption{text-align:left;color:var(--muted);background:var(--card);padding:.25rem 0;font-size:.9rem}
        th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
        th:first-child{padding-left:0}
        thead th{color:var(--muted);background:var(--card);font-weight:600;vertical-align:bottom;border-bottom:2px solid var(--edge)}
        tbody th{font-weight:600}
        tbody tr:last-child>*{border-bottom-color:transparent}
        td small{display:block;color:var(--muted);background:var(--card);font-size:.85rem}
        th small{display:block;color:var(--muted);background:var(--card);font-size:.85rem;font-weight:400}
        tr.bad>th{border-left:4px solid var(--exceeds);padding-left:.6rem}
        .t-devices tr:not(.bad)>th:first-child,.t-events tr:not(.bad)>th:first-child{padding-left:calc(.6rem + 2px)}
        .bar{display:block;width:100%;height:30px;margin:.5rem 0 .25rem}
        .share{display:block;height:6px;margin-top:.35rem;background:var(--b-demand);forced-color-adjust:none}
        .legend{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;list-style:none;margin:0 0 .5rem;padding:0;font-size:.9rem}
        .legend li::before{content:"";display:inline-block;width:.8em;height:.8em;margin-right:.35em;vertical-align:-.05em;forced-color-adjust:none}
        .legend .b-host::before{background:var(--b-host)}
        .legend .b-demand::before{background:var(--b-demand)}
        .legend .b-over::before{background:var(--b-over)}
        .legend .b-free::before{background:var(--b-free);border:1px solid var(--edge)}
        .legend .b-open::before{border:1px dashed var(--edge)}
        .b-host{fill:var(--b-host)}
        .b-demand{fill:var(--b-demand)}
        .b-over{fill:var(--b-over)}
        .b-limit{fill:var(--text)}
        .b-free{fill:var(--b-free);stroke:var(--edge);vector-effect:non-scaling-stroke}
        .b-open{fill:none;stroke:var(--edge);stroke-dasharray:4 3;vector-effect:non-scaling-stroke}
        ol,ul{padding-left:1.5rem;margin:.25rem 0}
        li{margin:.25rem 0}
        .findings{list-style:none;padding:0}
        .findings>li{border-left:4px solid var(--mark,var(--line));padding:.1rem 0 .1rem .9rem;margin:1rem 0}
        .findings p{margin:.2rem 0}
        """;

    private const string Narrow = """
        .tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:.5rem}
        .card{padding:.75rem}
        header,main,footer{padding:0 .75rem}
        table,tbody,caption{display:block}
        thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        tbody tr{display:block;border-bottom:1px solid var(--edge);padding:.5rem 0}
        tbody tr:last-child{border:0}
        tbody th,tbody td{display:block;width:auto!important;text-align:left!important;border-bottom:0!important;padding:.1rem 0}
        tbody td{padding-left:8.5rem;min-height:1.5em;position:relative}
        tbody td:empty{display:none}
        tbody td::before{position:absolute;left:0;width:8rem;color:var(--muted);background:var(--card)}
        .t-devices tr:not(.bad)>th:first-child,.t-events tr:not(.bad)>th:first-child{padding-left:0}
        """;

    private const string Paper = """
        @page{margin:14mm 12mm}
        html{font-size:62.5%}
        body{background:#fff}
        .skip{display:none}
        header,main,footer{padding:0}
        .host{content-visibility:visible}
        details::details-content{content-visibility:visible;block-size:auto}
        .card{border-color:#999;padding:1rem}
        tr,.findings>li,.tiles,.bar,.legend{break-inside:avoid}
        .bar{break-after:avoid}
        h2,h3,h4,h5,caption,thead,.headline,.when{break-after:avoid}
        thead{display:table-header-group}
        .v,.bar,.share,.legend li::before{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        """;

    /// <summary>Steps of a device's bar. The page's policy allows no style of an element's own, and a drawing for each device would make large reports slow to open.</summary>
    public const int Shares = 25;

    /// <summary>The whole style sheet.</summary>
    public static string Sheet { get; } = Build();

    private static string Build()
    {
        StringBuilder wide = new(), narrow = new();
        foreach (var table in HtmlTable.All) table.AddStyles(wide, narrow);
        for (var i = 1; i <= Shares; i++) wide.Append(FormattableString.Invariant($".s{i}{{width:{12.0 * i / Shares:0.##}rem;max-width:{100.0 * i / Shares:0.##}%}}\n"));
        return ("\n:root{\n" + Light + "\n}\n@media screen and (prefers-color-scheme:dark){\n:root{\n" + Dark + "\n}\n}\n" + Common + "\n" + wide
            + "@media screen and (max-width:60rem){\n" + Narrow + "\n" + narrow + "}\n@media print{\n" + Paper + "\n}\n").Replace("\r", "");
    }
}
