using System.Collections;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Language;
using PassthroughTools.Evidence;

namespace PassthroughTools.Completion;

/// <summary>Base of the completers that offer names out of what the command line names already. They read files only, and never for long.</summary>
public abstract class EvidenceCompleter : IArgumentCompleter
{
    /// <summary>Longer than this, and typing the name is quicker.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Offers what fits the word.</summary>
    /// <param name="commandName">Command.</param>
    /// <param name="parameterName">Parameter.</param>
    /// <param name="wordToComplete">What was typed so far.</param>
    /// <param name="commandAst">The command line.</param>
    /// <param name="fakeBoundParameters">Parameters that are given already.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            return [.. Completions.Matching(wordToComplete, Names(fakeBoundParameters ?? new Hashtable(), patience.Token))];
        }
        catch (Exception e) when (e is PassthruException or OperationCanceledException or RuntimeException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The command itself will say what is wrong.
            return [];
        }
    }

    /// <summary>Names, each with what is said of it.</summary>
    /// <param name="bound">Parameters that are given already.</param>
    /// <param name="cancellation">Ends the search.</param>
    protected abstract IEnumerable<(string Name, string Remark)> Names(IDictionary bound, CancellationToken cancellation);

    /// <summary>Hosts that the command line names by -VMHost, -Path or -LiteralPath.</summary>
    /// <param name="bound">Parameters that are given already.</param>
    /// <param name="cancellation">Ends the reading.</param>
    protected static IEnumerable<HostEvidence> Hosts(IDictionary bound, CancellationToken cancellation)
    {
        foreach (var parameter in (string[])["VMHost", "Path", "LiteralPath"])
        {
            foreach (var value in Completions.Values(bound[parameter]))
            {
                var reference = new HostReference(value);
                if (reference.Evidence is { } evidence) yield return evidence;
                if (reference.Path is not { } path) continue;
                foreach (var file in Completions.Files(path))
                {
                    foreach (var host in EvidenceReader.Read(file, cancellation)) yield return host;
                }
            }
        }
    }
}
