using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace PassthroughTools.Tests.Guests;

/// <summary>
/// Makes guests. The program that stands for a guest's PowerShell and the first registry take long to make, so they are kept in the program's obj folder,
/// by its sources; a guest is a copy whose files are shared and whose registry is its own.
/// </summary>
public sealed class WineGuests : IDisposable
{
    private static readonly Lock Making = new();

    private readonly List<WineGuest> _guests = [];
    private readonly string _folder;
    private readonly string _host;
    private readonly string _first;

    public WineGuests()
    {
        var project = Path.Combine(Repository.Root, "tests", "PassthroughTools.GuestHost");
        var cache = Path.Combine(project, "obj", "guest");
        Directory.CreateDirectory(cache);
        var sources = new[] { Path.Combine(project, "Program.cs"), Path.Combine(project, "PassthroughTools.GuestHost.csproj"), Path.Combine(Repository.Root, "Directory.Packages.props") };
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', sources.Select(File.ReadAllText)))))[..16];
        _host = Make(cache, "host-" + key, target => Wait(Start(null, "dotnet", "publish", project, "-r", "win-x64", "--self-contained", "-c", "Release", "-o", target, "-v", "q", "-nologo", "-p:RunAnalyzers=false")));
        _first = Make(cache, "prefix-" + Version(), target =>
        {
            var start = Start(target, "wine", "wineboot", "-i");
            start.Environment["WINEDLLOVERRIDES"] = "mscoree,mshtml="; // or it would ask to download them
            Wait(start);
            Wait(Start(target, "wineserver", "-k"));
            Wait(Start(target, "wineserver", "-w"));
        });
        _folder = Path.Combine(cache, "run-" + Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Makes a guest whose registry holds an export.</summary>
    /// <param name="reg">Text of the export.</param>
    public WineGuest Create(string reg)
    {
        var prefix = Path.Combine(_folder, "guest" + _guests.Count);
        Wait(Start(null, "cp", "-al", _first, prefix));
        foreach (var file in Directory.EnumerateFiles(_first, "*.reg"))
        {
            File.Delete(Path.Combine(prefix, Path.GetFileName(file)));
            File.Copy(file, Path.Combine(prefix, Path.GetFileName(file)));
        }

        var guest = new WineGuest(prefix, _host);
        _guests.Add(guest);
        var seed = prefix + ".reg";
        File.WriteAllText(seed, reg, Encoding.Unicode);

        // On a busy machine Wine's regedit may end without having done its work, and says nothing.
        var stock = guest.Registry();
        var attempts = 0;
        do
        {
            if (++attempts > 3) throw new InvalidOperationException("Wine does not import the registry file " + seed);
            guest.Import(seed);
        }
        while (guest.Registry().SequenceEqual(stock));

        return guest;
    }

    public void Dispose()
    {
        foreach (var guest in _guests) guest.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal static ProcessStartInfo Start(string? prefix, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (prefix is null) return start;
        start.Environment["WINEPREFIX"] = prefix;
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // Wine can't map a page twice
        start.Environment.Remove("DISPLAY");
        return start;
    }

    internal static void Wait(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0 && start.FileName is "dotnet" or "cp") throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}\n{output}\n{error.Result}");
    }

    /// <summary>Makes a folder once, whoever comes first; a half-made one never has the name. Test classes of one run wait for each other, two runs race.</summary>
    private static string Make(string cache, string name, Action<string> make)
    {
        using var turn = Making.EnterScope();
        var target = Path.Combine(cache, name);
        if (Directory.Exists(target)) return target;
        var temporary = target + "." + Environment.ProcessId;
        make(temporary);
        try
        {
            Directory.Move(temporary, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(temporary, recursive: true);
        }

        return target;
    }

    private static string Version()
    {
        using var process = Process.Start(Start(null, "wine", "--version"))!;
        return string.Concat(process.StandardOutput.ReadToEnd().Where(character => char.IsLetterOrDigit(character) || character is '.' or '-'));
    }
}
