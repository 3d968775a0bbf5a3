using System.Text.RegularExpressions;
using PassthroughTools.Evidence;
using PassthroughTools.Findings;
using static PassthroughTools.Tests.Vectors.Given;

namespace PassthroughTools.Tests.Findings;

public sealed class FindingRulesTests
{
    public static TheoryData<string> Samples => ["lpe12000-outage", "lpe12000-mixed", "esxi8-cookies", "lookalikes"];

    [Fact]
    public void Identifiers_and_names_are_unique_and_in_order()
    {
        var ids = FindingRules.All.Select(rule => rule.Id).ToList();
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.Distinct(FindingRules.All.Select(rule => rule.Name));
        Assert.All(ids, id => Assert.Matches("^PT[1-5][0-9]{3}$", id));
    }

    [Fact]
    public void Every_rule_has_its_section_in_the_documentation_and_every_section_its_rule()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "findings.md"));
        var sections = Regex.Matches(text, "(?m)^<a id=\"(?<anchor>pt[0-9]{4})\"></a>\r?\n\r?\n## (?<id>PT[0-9]{4}): (?<name>[A-Za-z0-9]+)\r?$");
        Assert.Equal(
            FindingRules.All.Select(rule => (rule.HelpUri, rule.Id, rule.Name)),
            sections.Select(section => ("docs/findings.md#" + section.Groups["anchor"].Value, section.Groups["id"].Value, section.Groups["name"].Value)));
    }

    [Fact]
    public void Every_section_says_what_why_by_what_evidence_what_to_do_and_where_it_comes_from()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "findings.md"));
        foreach (var section in Regex.Split(text, "(?m)^<a id=").Skip(1))
        {
            Assert.All(["- **What**: ", "- **Why**: ", "- **Evidence**: ", "- **What to do**: ", "- **Source**: "], part => Assert.Contains("\n" + part, section.Replace("\r", ""), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Evidence_of_nothing_gives_no_finding() => Assert.Empty(FindingAnalyzer.Find(new HostEvidence { HostName = "esx01" }));

    [Fact]
    public void Rules_are_chosen_by_identifier_or_name()
    {
        Assert.Equal("PT1001", Assert.Single(FindingRules.Matching("HexadecimalAddress", name => name == "HexadecimalAddress")).Id);
        Assert.Equal(3, FindingRules.Matching("PT3*", name => name.StartsWith("PT3", StringComparison.Ordinal)).Count);
    }

    [Fact]
    public void A_name_of_no_rule_is_refused() =>
        Assert.Equal("FindingIdUnknown", Assert.Throws<PassthruException>(() => FindingRules.Matching("PT9999", name => name == "PT9999")).ErrorId);

    [Fact]
    public void The_most_severe_come_first_and_the_same_severity_goes_by_identifier()
    {
        var found = Sample("lookalikes");
        Assert.Equal(found.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Id, StringComparer.Ordinal), found);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_finding_of_a_sample_has_evidence_advice_and_no_path_of_this_machine(string sample)
    {
        foreach (var finding in Sample(sample))
        {
            Assert.NotEmpty(finding.Evidence);
            Assert.NotEqual("", finding.Advice);
            Assert.All(finding.Evidence, line => Assert.DoesNotContain(Root(), line.ToString(), StringComparison.Ordinal));
            Assert.Equal(finding.HelpUri, FindingRules.All.Single(rule => rule.Id == finding.Id).HelpUri);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_gives_the_findings_that_were_agreed_on(string sample) =>
        Assert.Equal(Expected(sample), Sample(sample).Select(finding => $"{finding.Severity} {finding.Id} {finding.VM ?? "-"} {finding.Device?.ToString() ?? "-"}"));

    [Fact]
    public void A_line_of_the_vmx_is_named_where_the_file_can_be_read() =>
        Assert.Equal("vms/old01/old01.vmx:47: pciPassthru0.id = \"0000:d8:00.0\"", Assert.Single(Assert.Single(Sample("lookalikes"), finding => finding.Id == "PT1001").Evidence).ToString());

    [Fact]
    public void A_file_that_is_gone_silences_only_what_needs_it()
    {
        var vm = VM("vm1", Slot(0, "0000:05:00.0")) with { VmxPath = Path.Combine(Root(), "no-such.vmx") };
        Assert.Null(FindingAnalyzer.ReadConfiguration(vm));
    }

    [Fact]
    public void A_finding_is_summed_up_in_one_line() =>
        Assert.Equal("Error PT1001 HexadecimalAddress old01 pciPassthru0 0000:d8:00.0", Sample("lookalikes")[0].ToString());

    [Theory]
    [InlineData(10, 60)]
    [InlineData(100, 100)]
    [InlineData(500, 140)]
    public void A_finding_as_text_keeps_to_the_consoles_width_and_breaks_between_words(int width, int limit)
    {
        foreach (var finding in Sample("lookalikes"))
        {
            var lines = finding.ToText(width).Split('\n');
            Assert.All(lines, line => Assert.True(line.Length <= limit, line));
            Assert.Equal(finding + " " + finding.Message + " > " + finding.Advice, Regex.Replace(string.Join(" ", lines), " +", " "));
        }
    }

    private static string[] Expected(string sample) => sample switch
    {
        "lpe12000-outage" =>
        [
            "Warning PT1009 win01 0000:05:00.0", "Warning PT1009 win01 0000:05:00.1", "Warning PT1009 win02 0000:0c:00.0", "Warning PT1009 win02 0000:0c:00.1",
            "Warning PT1009 win03 0000:08:00.0", "Warning PT1009 win03 0000:08:00.1", "Warning PT1009 win04 0000:1a:00.0", "Warning PT1009 win04 0000:1a:00.1",
            "Warning PT5002 - -",
        ],
        "lpe12000-mixed" => ["Information PT5001 - -"],
        "esxi8-cookies" => ["Error PT2004 - -", "Warning PT5002 - -", "Information PT5003 db02 0000:18:02.0"],
        _ =>
        [
            "Error PT1001 old01 0000:d8:00.0", "Error PT3003 gpu01 -", "Warning PT1009 gpu02 0000:5e:00.0", "Warning PT1009 gpu02 0000:af:00.0", "Warning PT2001 - -",
            "Warning PT2002 - -", "Warning PT3002 - -", "Information PT1010 gpu02 -", "Information PT3001 nic01 0000:86:00.1",
        ],
    };

    private static IReadOnlyList<PassthruFinding> Sample(string name) =>
        FindingAnalyzer.Find(Assert.Single(EvidenceReader.Read(Path.Combine(Root(), "samples", name), TestContext.Current.CancellationToken)), FindingAnalyzer.ReadConfiguration);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "PassthroughTools.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
