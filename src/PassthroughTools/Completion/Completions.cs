using System.Collections;
using System.Management.Automation;

namespace PassthroughTools.Completion;

/// <summary>What all completers do alike.</summary>
internal static class Completions
{
    /// <summary>The names that begin as the word does, in their order, each once, quoted where PowerShell needs it.</summary>
    /// <param name="word">What was typed so far, perhaps quoted.</param>
    /// <param name="names">Names, each with what is said of it.</param>
    public static IEnumerable<CompletionResult> Matching(string? word, IEnumerable<(string Name, string Remark)> names)
    {
        var start = (word ?? "").Trim('\'', '"');
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, remark) in names.OrderBy(each => each.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (name.Length == 0 || !name.StartsWith(start, StringComparison.OrdinalIgnoreCase) || !seen.Add(name)) continue;
            yield return new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, remark.Length == 0 ? name : remark);
        }
    }

    /// <summary>The elements of a value that may be one or an array.</summary>
    /// <param name="value">Value of a parameter, or null.</param>
    public static IEnumerable<object> Values(object? value)
    {
        var bare = value is PSObject { BaseObject: IEnumerable inner and not string } ? inner : value;
        return bare switch
        {
            null => [],
            IEnumerable list and not string => list.Cast<object>().Where(item => item is not null),
            _ => [bare],
        };
    }

    /// <summary>The files that a path names where the user stands; none where there are none.</summary>
    /// <param name="path">Path, perhaps with wildcards.</param>
    public static IReadOnlyList<string> Files(string path) => Ask(
        "param($path) $provider = $null; $files = $ExecutionContext.SessionState.Path.GetResolvedProviderPathFromPSPath($path, [ref]$provider); if ($provider.Name -eq 'FileSystem') { $files }", path);

    /// <summary>A path that need not exist, where the user stands.</summary>
    /// <param name="path">Path.</param>
    public static string FullPath(string path) => Ask("param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)", path)[0];

    // The session answers only through a pipeline of its own, since the one that completes is running.
    private static IReadOnlyList<string> Ask(string script, string path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return [.. shell.AddScript(script, useLocalScope: true).AddArgument(path).Invoke<string>()];
    }

    private static string Quoted(string name) =>
        name.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or ':') && !name.StartsWith("-", StringComparison.Ordinal)
            ? name
            : "'" + name.Replace("'", "''") + "'";
}
