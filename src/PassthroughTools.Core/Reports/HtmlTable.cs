using System.Text;

namespace PassthroughTools.Reports;

/// <summary>
/// A kind of table: its columns, and the styles that follow from them. On a narrow page a row becomes a card, whose cells are labelled with the column's
/// heading by a style: repeating the headings in every cell would double the file.
/// </summary>
internal sealed class HtmlTable
{
    private readonly string _class;
    private readonly string[] _columns;

    private HtmlTable(string className, params string[] columns)
    {
        _class = className;
        _columns = columns;
    }

    /// <summary>Hosts of the fleet.</summary>
    public static HtmlTable Fleet { get; } = new("t-fleet", "Host", "ESXi", "Verdict", "Tightest pool", ">Headroom", ">Ran dry", "Findings", "Collected (UTC)");

    /// <summary>Figures of a pool.</summary>
    public static HtmlTable Figures { get; } = new("t-figures", "Figure", ">Value", "How sure", "Why, and from where");

    /// <summary>Devices of a host.</summary>
    public static HtmlTable Devices { get; } = new("t-devices", "Device", "Virtual machine", ">Asks", ">Takes", "Guest", "Host", "How sure", "Remark");

    /// <summary>Events of a host's logs.</summary>
    public static HtmlTable Events { get; } = new("t-events", "Time (UTC)", "Event", "Device", ">Vectors", "What the line means, and the line");

    /// <summary>Pools before and after a plan.</summary>
    public static HtmlTable Comparison { get; } = new("t-plan", "Pool", ">Demand now", ">Demand then", ">Headroom now", ">Headroom then", "Verdict now", "Verdict then");

    /// <summary>Steps of a plan.</summary>
    public static HtmlTable Steps { get; } = new("t-steps", "Step", "Virtual machine", "Device", "Setting", "Now", "Then", "Why, and where it is kept");

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<HtmlTable> All { get; } = [Fleet, Figures, Devices, Events, Comparison, Steps];

    /// <summary>Opens a table, with its caption for those who can't see what stands above it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="caption">Caption.</param>
    public void Open(HtmlMarkup html, string caption)
    {
        html.Open("table", _class).Raw("<caption>").Text(caption).Raw("</caption><thead><tr>");
        foreach (var column in _columns) html.Raw("<th scope=\"col\">").Text(Heading(column)).Raw("</th>");
        html.Raw("</tr></thead>\n<tbody>\n");
    }

    /// <summary>Closes a table.</summary>
    /// <param name="html">Where to.</param>
    public static void Close(HtmlMarkup html) => html.Raw("</tbody></table>\n");

    /// <summary>Adds the styles of this kind: numbers flush right on a wide page, labels on a narrow one.</summary>
    /// <param name="wide">Styles of a wide page.</param>
    /// <param name="narrow">Styles of a narrow page.</param>
    public void AddStyles(StringBuilder wide, StringBuilder narrow)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var cell = "." + _class + " tr>:nth-child(" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) + ")";
            if (_columns[i][0] == '>') wide.Append(cell).Append("{text-align:right;font-variant-numeric:tabular-nums}\n");
            if (i > 0) narrow.Append('.').Append(_class).Append(" td:nth-child(").Append(i + 1).Append(")::before{content:\"").Append(Heading(_columns[i])).Append("\"}\n");
        }
    }

    private static string Heading(string column) => column.TrimStart('>');
}
