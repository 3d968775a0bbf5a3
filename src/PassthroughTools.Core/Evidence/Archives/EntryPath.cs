using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Evidence.Archives;

/// <summary>Checks and normalises the paths that an archive names.</summary>
internal static class EntryPath
{
    private static readonly Regex Fragment = new(@"^(?<base>.+)\.FRAG-(?<number>[0-9]{1,9})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));

    /// <summary>Normalises a path: no leading "./", no empty parts. Null for the root itself.</summary>
    /// <param name="archive">Archive, for the error.</param>
    /// <param name="path">Path as the archive has it.</param>
    /// <param name="limits">Limits on length and depth.</param>
    /// <exception cref="PassthruException"><see cref="ArchiveErrors.PathTraversal"/> or <see cref="ArchiveErrors.PathTooLong"/>.</exception>
    public static string? Normalize(string archive, string path, ArchiveLimits limits)
    {
        if (path.Length > limits.MaximumPathLength) throw TooLong(archive, path, limits);
        if (Fault(path) is { } fault) throw ArchiveErrors.PathTraversal.For(archive, archive, Show(path), fault);
        var parts = path.Split('/').Where(part => part.Length > 0 && part != ".").ToList();
        if (parts.Count - 1 > limits.MaximumDepth) throw TooLong(archive, path, limits);
        return parts.Count == 0 ? null : string.Join("/", parts);
    }

    /// <summary>Where a link points, as a path within the archive; null when it leads out or can't be told.</summary>
    /// <param name="link">Normalised path of the link.</param>
    /// <param name="target">Target as the archive has it.</param>
    /// <param name="isHard">True for a hard link, whose target is a path from the archive's root.</param>
    /// <param name="root">First folder of the link's path when the archive has one; absolute targets are taken from there.</param>
    public static string? ResolveLink(string link, string target, bool isHard, string root)
    {
        if (target.Length is 0 or > 4096 || target.IndexOf('\\') >= 0 || target.IndexOf('\0') >= 0) return null;
        var stack = new List<string>();
        if (!isHard)
        {
            var from = target[0] == '/' ? root : link.Substring(0, Math.Max(0, link.LastIndexOf('/')));
            stack.AddRange(from.Split(['/'], StringSplitOptions.RemoveEmptyEntries));
        }

        foreach (var part in target.Split(['/'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..")
            {
                stack.Add(part);
            }
            else if (stack.Count == 0)
            {
                return null;
            }
            else
            {
                stack.RemoveAt(stack.Count - 1);
            }
        }

        return string.Join("/", stack);
    }

    /// <summary>Splits off the number of a piece: vm-support cuts long output into NAME.FRAG-00000, NAME.FRAG-00001 …</summary>
    /// <param name="path">Normalised path.</param>
    /// <param name="number">Number of the piece; null when the path is no piece.</param>
    public static string WithoutFragment(string path, out int? number)
    {
        number = null;
        if (path.LastIndexOf(".FRAG-", StringComparison.Ordinal) < 0 || Fragment.Match(path) is not { Success: true } match) return path;
        number = int.Parse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        return match.Groups["base"].Value;
    }

    /// <summary>Makes a path fit to be shown: control characters made visible, shortened.</summary>
    /// <param name="path">Path as the archive has it.</param>
    public static string Show(string path)
    {
        var shown = new string([.. path.Take(120).Select(character => char.IsControl(character) ? '\ufffd' : character)]);
        return path.Length > 120 ? shown + "…" : shown;
    }

    private static string? Fault(string path)
    {
        if (path.IndexOf('\0') >= 0) return "holds a zero character";
        if (path.IndexOf('\\') >= 0) return "holds a backslash";
        if (path.Length > 0 && path[0] == '/') return "is absolute";
        if (path.Length >= 2 && path[1] == ':' && char.IsLetter(path[0])) return "names a drive";
        return path.Split('/').Any(part => part.Trim() == "..") ? "leads out of its folder" : null;
    }

    private static PassthruException TooLong(string archive, string path, ArchiveLimits limits) =>
        ArchiveErrors.PathTooLong.For(archive, archive, limits.MaximumPathLength, limits.MaximumDepth, Show(path));
}
