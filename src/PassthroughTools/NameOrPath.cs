using System.IO;
using System.Management.Automation;

namespace PassthroughTools;

/// <summary>Tells whether a text is a path or a name at the connected servers.</summary>
internal static class NameOrPath
{
    private const string VmxExtension = ".vmx";
    private static readonly char[] Separators = ['/', (char)92];

    /// <summary>A path as it stands, else a pattern of paths, else a name, if there is a server to ask; else a path that is not there, as an empty text.</summary>
    /// <param name="cmdlet">Cmdlet that asks.</param>
    /// <param name="text">Text.</param>
    /// <param name="isServerChosen">Whether a server was named: then it is a name.</param>
    /// <param name="sessions">Sessions, found when they are needed.</param>
    /// <returns>The paths, to be taken literally; null where it is a name.</returns>
    public static IReadOnlyList<string>? PathsUnlessName(this PSCmdlet cmdlet, string text, bool isServerChosen, Func<LiveSessions> sessions)
    {
        if (text.Length == 0) return [text];
        if (isServerChosen) return null;
        if (cmdlet.TryLocate(text) is { } path && (File.Exists(path) || Directory.Exists(path))) return [text];
        if (WildcardPattern.ContainsWildcardCharacters(text) && cmdlet.TryResolve(text) is { Count: > 0 } paths) return paths;

        // Neither a host's name nor most VMs' has a separator: such a text can only be a path.
        return text.IndexOfAny(Separators) < 0 && !text.EndsWith(VmxExtension, StringComparison.OrdinalIgnoreCase) && sessions().All.Count > 0 ? null : [text];
    }
}
