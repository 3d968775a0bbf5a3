using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace PassthroughTools.Guests;

/// <summary>The guest scripts, ready to be sent. They are embedded, one a family, and need nothing in the guest but the shell they are written for.</summary>
internal static class GuestScripts
{
    private const string Placeholder = "@REQUEST@";

    private static readonly Lazy<string> WindowsText = new(() => Load("WindowsGuest.ps1"));
    private static readonly Lazy<string> LinuxText = new(() => Load("LinuxGuest.sh"));

    /// <summary>What an operation needs of the Windows script.</summary>
    private static readonly Dictionary<string, string[]> Regions = new(StringComparer.Ordinal)
    {
        ["read"] = ["pnp", "read"], ["write"] = ["state", "write"], ["state"] = ["state"], ["restart"] = ["pnp", "state", "restart"], ["fabric"] = ["pnp", "fabric"],
    };

    /// <summary>The script for a Windows guest, in full.</summary>
    public static string Windows => WindowsText.Value;

    /// <summary>The script for a Linux guest, in full.</summary>
    public static string Linux => LinuxText.Value;

    /// <summary>The Windows script with a request.</summary>
    /// <param name="request">Encoded request.</param>
    public static string ForWindows(string request) => Windows.Replace(Placeholder, request);

    /// <summary>The Linux script with a request.</summary>
    /// <param name="request">Encoded request.</param>
    /// <param name="root">Folder that stands for the root of the file system; "" in a guest.</param>
    public static string ForLinux(string request, string root) => Linux.Replace(Placeholder, request).Replace("@ROOT@", root);

    /// <summary>
    /// The Windows script in as few characters as it goes: a command line can hold it where the plain one is too long. One script, or several to be run
    /// one after the other: all but the last put a part of it into a temporary file of the guest, the last one removes that and runs the whole.
    /// </summary>
    /// <param name="operation">Operation; what others need is left out.</param>
    /// <param name="request">Encoded request.</param>
    /// <param name="nonce">Names the temporary file.</param>
    /// <param name="maximum">Most characters of one script.</param>
    public static IReadOnlyList<string> Pack(string operation, string request, string nonce, int maximum)
    {
        var packed = Deflate(Strip(Windows, Regions[operation]).Replace(Placeholder, request));
        var whole = Run("'" + packed + "'");
        if (whole.Length <= maximum) return [whole];
        var file = $"$f=[IO.Path]::GetTempPath()+'passthru-{nonce}.tmp';";
        string First(string part, int number) => $"{file}[IO.File]::AppendAllText($f,'{part}');'PTG1:{nonce}:stage:{number}:END'";
        string Last(string part)
        {
            // Another account may share the folder: what is run must be what was sent.
            var check = $"{file}$t=[IO.File]::ReadAllText($f)+'{part}';[IO.File]::Delete($f);"
                + $"if([BitConverter]::ToString([Security.Cryptography.SHA1]::Create().ComputeHash([Text.Encoding]::ASCII.GetBytes($t))).Replace('-','') -cne '{Hash(packed)}'){{'PTG1:{nonce}:stage:bad:END'}}else{{";
            return check + Run("$t") + "}";
        }

        var room = maximum - First("", 99).Length;
        var stages = new List<string>();
        var rest = packed;
        while (Last(rest).Length > maximum)
        {
            var length = Math.Min(room, rest.Length);
            stages.Add(First(rest.Substring(0, length), stages.Count + 1));
            rest = rest.Substring(length);
        }

        stages.Add(Last(rest));
        return stages;

        // New-Object would be shorter, but is not part of the bare engine.
        static string Run(string expression) =>
            "$c=[Activator];$m=$c::CreateInstance([IO.MemoryStream],[object[]](,[Convert]::FromBase64String(" + expression
            + ")));$d=$c::CreateInstance([IO.Compression.DeflateStream],[object[]]($m,[IO.Compression.CompressionMode]0));$r=$c::CreateInstance([IO.StreamReader],[object[]](,$d));& ([ScriptBlock]::Create($r.ReadToEnd()))";
    }

    /// <summary>SHA-1 as the guest script writes it: against damage, not against an attacker.</summary>
    /// <param name="text">ASCII text.</param>
    public static string Hash(string text)
    {
#pragma warning disable CA5350 // what old guests have without a policy for or against it
        using var sha = SHA1.Create();
#pragma warning restore CA5350
        return BitConverter.ToString(sha.ComputeHash(Encoding.ASCII.GetBytes(text))).Replace("-", "");
    }

    private static string Strip(string script, string[] regions)
    {
        var result = new StringBuilder();
        var isLeftOut = false;
        foreach (var line in script.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith("#region ", StringComparison.Ordinal)) isLeftOut = !regions.Contains(line.Substring("#region ".Length));
            else if (line == "#endregion") isLeftOut = false;
            else if (!isLeftOut && line.Length > 0 && line[0] != '#') result.Append(line).Append('\n');
        }

        return result.ToString();
    }

    private static string Deflate(string text)
    {
        using var result = new MemoryStream();
        using (var stream = new DeflateStream(result, CompressionLevel.Optimal, leaveOpen: true))
        {
            var bytes = Encoding.ASCII.GetBytes(text);
            stream.Write(bytes, 0, bytes.Length);
        }

        return Convert.ToBase64String(result.ToArray());
    }

    private static string Load(string name)
    {
        using var stream = typeof(GuestScripts).Assembly.GetManifestResourceStream("PassthroughTools.Guests." + name)!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
