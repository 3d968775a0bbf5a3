using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace PassthroughTools.Tests.Guests;

/// <summary>A Windows guest: the real engine in a process under Wine, on a registry of its own.</summary>
public sealed class WineGuest : IDisposable
{
    private readonly Dictionary<string, Process> _engines = [];

    internal WineGuest(string prefix, string host) => (Prefix, Host) = (prefix, host);

    internal string Prefix { get; }

    private string Host { get; }

    /// <summary>Runs a script as the guest's PowerShell does and returns what it printed.</summary>
    public string Run(string script, string mode = "full")
    {
        if (!_engines.TryGetValue(mode, out var engine))
        {
            _engines[mode] = engine = Process.Start(Start("wine", Path.Combine(Host, "PassthroughTools.GuestHost.exe"), mode))!;
            _ = engine.StandardError.ReadToEndAsync();
            Assert.Equal("ready", engine.StandardOutput.ReadLine());
        }

        engine.StandardInput.WriteLine(Convert.ToBase64String(Encoding.UTF8.GetBytes(script)));
        engine.StandardInput.Flush();
        return Encoding.UTF8.GetString(Convert.FromBase64String(engine.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The guest ended.")));
    }

    /// <summary>Puts a .reg file into the registry.</summary>
    public void Import(string file) => Wait(Start("wine", "regedit", "/S", file));

    /// <summary>The guest's PCI devices as Wine keeps them: keys and values, types included, without times.</summary>
    public IReadOnlyList<string> Registry()
    {
        Stop();
        var lines = new List<string>();
        var isOurs = false;
        foreach (var line in File.ReadLines(Path.Combine(Prefix, "system.reg")))
        {
            if (line.StartsWith('[')) isOurs = line.StartsWith(@"[System\\CurrentControlSet\\Enum\\PCI", StringComparison.OrdinalIgnoreCase);
            if (isOurs && line.Length > 0 && !line.StartsWith("#time", StringComparison.Ordinal)) lines.Add(Regex.Replace(line, @"^(\[.*\]) \d+$", "$1"));
        }

        return lines;
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(Prefix, recursive: true);
    }

    /// <summary>Ends the engines, then the server of this prefix alone, which writes the registry as it goes.</summary>
    private void Stop()
    {
        foreach (var engine in _engines.Values)
        {
            engine.StandardInput.Close();
            if (!engine.WaitForExit(10000)) engine.Kill();
            engine.Dispose();
        }

        _engines.Clear();
        Wait(Start("wineserver", "-k"));
        Wait(Start("wineserver", "-w"));
    }

    private ProcessStartInfo Start(string program, params string[] arguments) => WineGuests.Start(Prefix, program, arguments);

    private static void Wait(ProcessStartInfo start) => WineGuests.Wait(start);
}
