using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PassthroughTools.Commands;

namespace PassthroughTools.Completion;

/// <summary>Offers the identifiers of the catalogue, each with its advice.</summary>
public sealed class ErrorIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(wordToComplete, GetPassthruErrorCommand.Catalogue().Select(definition => (definition.Id, definition.Advice)));
}
