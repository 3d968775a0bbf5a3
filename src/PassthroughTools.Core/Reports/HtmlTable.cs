using System.Globalization;
using System.Text;

namespace PassthroughTools.Reports;

/// <summary>
/// A kind of table: its columns, and the styles that follow from them. On a narrow page a row becomes a card, whose cells are labelled with the column's
/// heading by a style: repeating the headings in every cell would double the file.
/// </summary>
internal sealed class HtmlTable
{
    private readonly string _class;
    private readonly Column[] _columns;

    private HtmlTable(string className, params Column[] columns)
    {
        _class = className;
        _columns = columns;
    }

    private enum Kind
    {
        /// <summary>A word or two.</summary>
        Word,

        /// <summary>A number, flush right on a wide page.</summary>
        Number,

        /// <summary>Sentences: on a narrow page the label stands above them, so that they have the whole width.</summary>
        Text,
    }

    /// <summary>Hosts of the fleet.</summary>
    public static HtmlTable Fleet { get; } = new(
        "t-fleet", new("Host", 21), new("ESXi", 8), new("Verdict", 11), new("Tightest pool", 13), new("Headroom", 9, Kind.Number), new("Ran dry", 8, Kind.Number), new("Findings", 15), new("Collected (UTC)", 15));

    /// <summary>Figures of a pool.</summary>
    public static HtmlTable Figures { get; } = new("t-figures", new("Figure", 16), new("Value", 14, Kind.Number), new("How sure", 12), new("Why, and from where", 58, Kind.Text));

    /// <summary>Devices of a host.</summary>
    public static HtmlTable Devices { get; } = new(
        "t-devices", new("Device", 24), new("Virtual machine", 14), new("Asks for", 7, Kind.Number), new("Takes", 13, Kind.Number), new("Mode in guest", 8), new("Mode on host", 8), new("How sure", 10), new("Remark", 16));

    /// <summary>Events of a host's logs.</summary>
    public static HtmlTable Events { get; } = new("t-events", new("Time (UTC)", 12), new("What happened", 38, Kind.Text), new("Line of the log", 50, Kind.Text));

    /// <summary>Pools before and after a plan.</summary>
    public static HtmlTable Comparison { get; } = new(
        "t-plan", new("Pool", 28), new("Demand now", 12, Kind.Number), new("Demand then", 12, Kind.Number), new("Headroom now", 12, Kind.Number), new("Headroom then", 12, Kind.Number), new("Verdict now", 12), new("Verdict then", 12));

    /// <summary>Steps of a plan.</summary>
    public static HtmlTable Steps { get; } = new(
        "t-steps", new("Step", 6), new("Virtual machine", 14), new("Device", 13), new("Setting", 17), new("Now", 9), new("Then", 8), new("Why", 33, Kind.Text));

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<HtmlTable> All { get; } = [Fleet, Figures, Devices, Events, Comparison, Steps];

    /// <summary>Opens a table, with its caption for those who can't see what stands above it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="caption">Caption.</param>
    public void Open(HtmlMarkup html, string caption)
    {
        html.Open("table", _class).Raw("<caption>").Text(caption).Raw("</caption><thead><tr>");
        foreach (var column in _columns) html.Raw("<th scope=\"col\">").Text(column.Heading).Raw("</th>");
        html.Raw("</tr></thead><tbody>");
    }

    /// <summary>Closes a table.</summary>
    /// <param name="html">Where to.</param>
    public static void Close(HtmlMarkup html) => html.Raw("</tbody></table>\n");

    /// <summary>Adds the styles of this kind: widths and numbers flush right on a wide page, labels on a narrow one.</summary>
    /// <param name="wide">Styles of a wide page.</param>
    /// <param name="narrow">Styles of a narrow page.</param>
    public void AddStyles(StringBuilder wide, StringBuilder narrow)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var (heading, width, kind) = _columns[i];
            var child = ":nth-child(" + (i + 1).ToString(CultureInfo.InvariantCulture) + ")";
            wide.Append('.').Append(_class).Append(" th").Append(child).Append("{width:").Append(width.ToString(CultureInfo.InvariantCulture)).Append("%}\n");
            if (kind == Kind.Number) wide.Append('.').Append(_class).Append(" tr>").Append(child).Append("{text-align:right;font-variant-numeric:tabular-nums}\n");
            if (i == 0) continue;
            narrow.Append('.').Append(_class).Append(" td").Append(child).Append("::before{content:\"").Append(heading).Append("\"}\n");
            if (kind == Kind.Text) narrow.Append('.').Append(_class).Append(" td").Append(child).Append("{padding-left:0}\n.").Append(_class).Append(" td").Append(child).Append("::before{position:static;display:block;width:auto}\n");
        }
    }

    /// <summary>A column.</summary>
    /// <param name="Heading">Heading.</param>
    /// <param name="Width">Percentage of the table's width: columns as wide as their content would let one long name take the room of all.</param>
    /// <param name="Kind">What its cells hold.</param>
    private sealed record Column(string Heading, int Width, Kind Kind = Kind.Word);
}
