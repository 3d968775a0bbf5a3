using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace PassthroughTools.Tests;

/// <summary>Starts the real program and waits for it.</summary>
internal static class Passthru
{
    /// <summary>Long enough for a busy machine; a test that runs into it has found a hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Folder of the built program.</summary>
    public static string Folder { get; } = Metadata("PassthruFolder");

    /// <summary>Root of the work tree.</summary>
    public static string Repository { get; } = Metadata("RepoRoot");

    /// <summary>The program.</summary>
    public static string Program { get; } = Path.Combine(Folder, OperatingSystem.IsWindows() ? "passthru.exe" : "passthru");

    /// <summary>Runs with an empty standard input.</summary>
    /// <param name="arguments">Arguments.</param>
    public static Outcome Run(params string[] arguments) => Run("", null, arguments);

    /// <summary>Runs with a text on standard input.</summary>
    /// <param name="input">The text.</param>
    /// <param name="arguments">Arguments.</param>
    public static Outcome RunWithInput(string input, params string[] arguments) => Run(input, null, arguments);

    /// <summary>Runs with environment variables.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="arguments">Arguments.</param>
    public static Outcome RunWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Run("", environment, arguments);

    /// <summary>Starts it and leaves it running.</summary>
    /// <param name="environment">Environment variables.</param>
    /// <param name="arguments">Arguments.</param>
    public static Process Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => StartIn(environment, "", arguments);

    /// <summary>Starts it in a folder and leaves it running.</summary>
    /// <param name="environment">Environment variables.</param>
    /// <param name="folder">Current folder; empty for this process's own.</param>
    /// <param name="arguments">Arguments.</param>
    public static Process StartIn(IReadOnlyDictionary<string, string>? environment, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in (string[])["COLUMNS", "LINES", "NO_COLOR", "PASSTHRU_MODULE_PATH"]) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end and reads everything.</summary>
    /// <param name="process">The process.</param>
    public static Outcome Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("passthru did not end.");
        }

        return new Outcome(process.ExitCode, output.GetAwaiter().GetResult().ReplaceLineEndings("\n"), error.GetAwaiter().GetResult().ReplaceLineEndings("\n"));
    }

    private static string Metadata(string key) =>
        typeof(Passthru).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    private static Outcome Run(string input, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        using var process = Start(environment, arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Finish(process);
    }
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Output">Standard output, lines ended by LF.</param>
/// <param name="Error">Standard error, likewise.</param>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>Lines of the output without blank ones.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A script file for one test.</summary>
internal sealed class ScriptFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-test-").FullName;

    public ScriptFile(string text, string name = "script.ps1")
    {
        FullPath = Path.Combine(_folder, name);
        File.WriteAllText(FullPath, text);
    }

    public string FullPath { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
