using System.Diagnostics;

namespace PassthroughTools.Tests.IO;

/// <summary>Starts the process that tests kill.</summary>
internal static class CrashHostProcess
{
    public static string Path { get; } =
        System.IO.Path.Combine(AppContext.BaseDirectory, "PassthroughTools.CrashHost" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment["DOTNET_TieredPGO"] = "0"; // starts faster
        return Process.Start(start)!;
    }

    public static string Run(string program, IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    /// <summary>Runs the host and gives its exit code: 137 after SIGKILL.</summary>
    public static int ExitCode(params string[] arguments)
    {
        using var process = Start(Path, arguments);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
