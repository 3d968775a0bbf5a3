using System.Collections.Frozen;
using System.Management.Automation;

namespace PassthroughTools.Shell;

/// <summary>The commands of PowerShell's own modules that a bare engine lacks, with what does their work here.</summary>
internal static class MissingCommands
{
    private const string Otherwise = "Use a .NET class, or run the script in pwsh.";

    private static readonly FrozenDictionary<string, string> Advices = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Select-Object"] = "Use ForEach-Object with [pscustomobject]@{...}, or index the result.",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers the engine's question for a command that it did not find.</summary>
    /// <param name="sender">The engine.</param>
    /// <param name="lookup">The question.</param>
    public static void Advise(object? sender, CommandLookupEventArgs lookup)
    {
        if (!Advices.ContainsKey(lookup.CommandName)) return;
        lookup.Command = new CmdletInfo(lookup.CommandName, typeof(MissingCommandCommand));
        lookup.StopSearch = true;
    }

    /// <summary>What to use instead of a command.</summary>
    /// <param name="name">Name of the command.</param>
    public static string AdviceFor(string name) => Advices.GetValueOrDefault(name, Otherwise);
}
