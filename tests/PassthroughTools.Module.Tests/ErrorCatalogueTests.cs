using System.Text.RegularExpressions;
using PassthroughTools.Help;

namespace PassthroughTools.Tests;

/// <summary>The catalogue of errors is complete, documented and tested.</summary>
public sealed class ErrorCatalogueTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    /// <summary>A Wine prefix that tests left holds a link to the root of the machine.</summary>
    private static readonly EnumerationOptions WithoutLinks = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private IReadOnlyList<OutputObject> All => session.Run("Get-PassthruError").ThrowIfFailed().Output;

    [Fact]
    public void Every_definition_in_the_sources_is_listed()
    {
        var declared = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "static readonly ErrorDefinition \\w+ =\\s*new\\(\\s*\"(\\w+)\"").Select(match => match.Groups[1].Value));
        Assert.Equal(declared.Order(StringComparer.Ordinal), All.Select(error => error.Get<string>("Id")));
    }

    [Fact]
    public void No_identifier_is_used_twice_and_none_has_a_space()
    {
        Assert.Equal(All.Count, All.Select(error => error.Get<string>("Id")).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(All, error => Assert.Matches("^[A-Z][A-Za-z0-9]+$", error.Get<string>("Id")));
    }

    [Fact]
    public void Every_error_says_what_to_do() => Assert.All(All, error =>
    {
        Assert.NotEqual("", error.Get<string>("Advice").Trim());
        Assert.NotEqual("", error.Get<string>("Message").Trim());
    });

    [Theory]
    [InlineData("docs/errors.md")]
    [InlineData("en-US/about_PassthroughTools_Errors.help.txt")]
    public void Every_error_is_in(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        Assert.All(All, error => Assert.Matches($@"\b{error.Get<string>("Id")}\b", text));
    }

    [Fact]
    public void Every_error_is_named_by_a_test()
    {
        var declarations = ErrorFacts.Declarations(Path.Combine(Repository.Root, "src"));
        // By its identifier as a string, or by the field that declares it.
        var tests = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", WithoutLinks).Select(File.ReadAllText));
        var untested = All.Select(error => error.Get<string>("Id"))
            .Where(id => !tests.Contains($"\"{id}\"", StringComparison.Ordinal) && !Regex.IsMatch(tests, $@"\b{declarations[id].Class}\.{declarations[id].Field}\b")).ToList();
        Assert.True(untested.Count == 0, "No test names: " + string.Join(", ", untested));
    }

    [Theory]
    [InlineData("Get-PassthruError InputNotFound")]
    [InlineData("Get-PassthruError inputnotfound")]
    [InlineData("Get-PassthruError 'InputNotFound,PassthroughTools.Commands.GetPassthruEvidenceCommand'")]
    [InlineData("'InputNotFound' | Get-PassthruError")]
    [InlineData("try { Get-PassthruEvidence -Path ./nowhere -ErrorAction Stop } catch { $_ | Get-PassthruError }")]
    public void An_error_is_found_by_whatever_names_it(string script) => Assert.Equal("InputNotFound", session.Run(script).ThrowIfFailed().Single["Id"]);

    [Fact]
    public void Wildcards_choose_errors() =>
        Assert.All(session.Run("Get-PassthruError Input*").ThrowIfFailed().Output, error => Assert.StartsWith("Input", error.Get<string>("Id"), StringComparison.Ordinal));

    [Fact]
    public void An_identifier_that_nobody_has_is_an_error() => Assert.Equal(["ErrorIdNotFound"], session.Run("Get-PassthruError NoSuchError").ErrorIds);

    [Fact]
    public void A_wildcard_that_matches_nothing_is_none() => Assert.Empty(session.Run("Get-PassthruError Zz*").ThrowIfFailed().Output);

    [Fact]
    public void A_file_that_is_not_text_is_named_as_such()
    {
        using var work = new WorkFolder();
        Assert.Equal(["InputBinary"], session.Run("ConvertFrom-VsishVectorList -Path $args[0]", work.Write("list.txt", "17\00")).ErrorIds);
    }

    [Fact]
    public void An_entry_reads_well() =>
        Assert.Matches(@"(?s)Id\s+: InputNotFound.*Category\s+: ObjectNotFound.*Advice\s+: Check the path", session.Render("Get-PassthruError InputNotFound"));
}
