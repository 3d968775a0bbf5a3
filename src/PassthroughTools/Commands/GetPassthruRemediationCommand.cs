using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Completion;
using PassthroughTools.Journal;

namespace PassthroughTools.Commands;

/// <summary>Lists the remediations in the journal, oldest first, with the state of each.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruRemediation")]
[OutputType(typeof(RunSummary))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class GetPassthruRemediationCommand : JournalCmdlet
{
    /// <summary>Runs to list; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[]? RunId { get; set; }

    /// <summary>Lists the runs of these hosts only; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunHostCompleter))]
    public string[]? HostName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(() =>
    {
        var runs = OpenJournal().List();
        foreach (var name in RunId ?? ["*"])
        {
            var found = runs.Where(run => Matches(name, run.RunId) && (HostName is null || HostName.Any(host => Matches(host, run.HostName)))).ToList();
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteError(JournalErrors.RunNotFound.For(name, name, OpenJournal().Folder).ToErrorRecord(name));
            WriteObject(found, enumerateCollection: true);
        }
    }, JournalPath);

    private static bool Matches(string pattern, string? text) => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(text ?? "");
}
