using System.Security.Cryptography;
using System.Text;
using PassthroughTools.IO;
using PassthroughTools.Text;

namespace PassthroughTools.Ssh;

/// <summary>A line of known_hosts: who it is about, which key, and whether the key is trusted or revoked.</summary>
internal sealed record KnownHostLine(string Pattern, HostKey Key, bool IsRevoked, bool IsAuthority)
{
    /// <summary>Whether the line is about a host, named as <see cref="SshAddress.KnownName"/> does.</summary>
    public bool IsAbout(string name)
    {
        if (Pattern.Length > 0 && Pattern[0] == '|') return IsHashOf(name);
        var isAbout = false;
        foreach (var part in Pattern.Split(','))
        {
            var isNegated = part.Length > 0 && part[0] == '!';
            if (!IsMatch(isNegated ? part.Substring(1) : part, name)) continue;
            if (isNegated) return false;
            isAbout = true;
        }

        return isAbout;
    }

    // |1|salt|HMAC-SHA1 of the name with the salt as key, both in base64
    private bool IsHashOf(string name)
    {
        var parts = Pattern.Split('|');
        if (parts.Length != 4 || parts[1] != "1") return false;
        try
        {
#pragma warning disable CA5350 // The format of known_hosts says SHA-1; it hides names and protects nothing.
            using var hash = new HMACSHA1(Convert.FromBase64String(parts[2]));
#pragma warning restore CA5350
            return hash.ComputeHash(Encoding.UTF8.GetBytes(name)).SequenceEqual(Convert.FromBase64String(parts[3]));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>* stands for any text, ? for one character; without backtracking beyond the last star.</summary>
    private static bool IsMatch(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || char.ToLowerInvariant(pattern[p]) == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}

/// <summary>A known_hosts file in OpenSSH's format. Lines that make no sense are passed over, as ssh does.</summary>
internal sealed class KnownHosts
{
    private static readonly object Gate = new();
    private readonly IReadOnlyList<KnownHostLine> _lines;

    private KnownHosts(string path, IReadOnlyList<KnownHostLine> lines) => (Path, _lines) = (path, lines);

    /// <summary>The file, which need not exist.</summary>
    public string Path { get; }

    /// <summary>Where ssh keeps the user's own.</summary>
    public static string DefaultPath => System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "known_hosts");

    /// <exception cref="PassthruException"><see cref="InputErrors.Unreadable"/>, <see cref="InputErrors.Binary"/>.</exception>
    public static KnownHosts Load(string path) =>
        new(path, File.Exists(path) ? [.. TextFile.ReadAllLines(path).Select(Parse).OfType<KnownHostLine>()] : []);

    /// <summary>Lines about a host.</summary>
    public IReadOnlyList<KnownHostLine> About(string name) => [.. _lines.Where(line => line.IsAbout(name))];

    /// <summary>Adds a host's key, unless it was added meanwhile. The file is replaced as a whole, so that nobody ever reads half a line.</summary>
    /// <exception cref="PassthruException"><see cref="FileErrors"/>, <see cref="InputErrors"/>.</exception>
    public static void Append(string path, string name, HostKey key)
    {
        var line = name + " " + key.Type + " " + Convert.ToBase64String(key.Blob) + "\n";
        lock (Gate)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    path = Target(path);
                    if (!File.Exists(path))
                    {
                        CreateFolder(System.IO.Path.GetDirectoryName(path)!);
                        AtomicFile.Create(path, Encoding.UTF8.GetBytes(line), ownerOnly: true);
                        return;
                    }

                    var stamp = FileStamp.Read(path, out var content);
                    if (Load(path).About(name).Any(known => !known.IsRevoked && !known.IsAuthority && known.Key.Equals(key.Blob))) return;
                    var separator = content.Length > 0 && content[content.Length - 1] != '\n' ? "\n" : "";
                    AtomicFile.Replace(path, [.. content, .. Encoding.UTF8.GetBytes(separator + line)], stamp);
                    return;
                }
                catch (PassthruException e) when (attempt < 5 && (e.Definition == FileErrors.Changed || e.Definition == FileErrors.Exists))
                {
                    // Another process added a line at the same moment: once more, from what is there now.
                }
            }
        }
    }

    internal static KnownHostLine? Parse(string text)
    {
        var fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0 || fields[0][0] == '#') return null;
        var marker = fields[0][0] == '@' ? fields[0] : null;
        var first = marker is null ? 0 : 1;
        if (fields.Length < first + 3 || marker is not (null or "@revoked" or "@cert-authority")) return null;
        try
        {
            return new KnownHostLine(fields[first], new HostKey(Convert.FromBase64String(fields[first + 2])), marker == "@revoked", marker == "@cert-authority");
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // A rename would put a file in the link's place.
    private static string Target(string path)
    {
#if NET8_0_OR_GREATER
        if (new FileInfo(path).LinkTarget is not null && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target) return target.FullName;
#endif
        return System.IO.Path.GetFullPath(path);
    }

    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        try
        {
#if NET8_0_OR_GREATER
            if (!OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return;
            }
#endif
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, folder);
        }
    }
}
