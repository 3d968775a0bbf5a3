using System.Diagnostics;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

/// <summary>Runs the real lspci on a hex dump.</summary>
internal static class LspciOracle
{
    private static readonly string? Path =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/bin", "/usr/sbin", "/sbin"])
        .Select(folder => System.IO.Path.Combine(folder, "lspci")).FirstOrDefault(File.Exists);

    /// <summary>Fails in CI and skips elsewhere when there is no lspci.</summary>
    public static void Require()
    {
        if (Path is not null) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("lspci is missing; install the package pciutils.");
        Assert.Skip("Needs lspci: apt-get install pciutils");
    }

    /// <summary>What lspci says of each device.</summary>
    /// <param name="dumps">The lines of each device.</param>
    /// <returns>The devices; those are missing on whose bytes lspci itself stops with an internal error, as it does on some garbage.</returns>
    public static Dictionary<PciAddress, LspciDevice> Run(IReadOnlyList<string[]> dumps)
    {
        if (Run(dumps.SelectMany(lines => lines), out var errors) is { } devices) return devices;
        Assert.Contains("Internal bug", errors, StringComparison.Ordinal);
        if (dumps.Count == 1) return [];
        var half = dumps.Count / 2;
        return new(Run([.. dumps.Take(half)]).Concat(Run([.. dumps.Skip(half)])));
    }

    private static Dictionary<PciAddress, LspciDevice>? Run(IEnumerable<string> dump, out string errors)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, dump);
            var start = new ProcessStartInfo(Path!, ["-D", "-n", "-vvv", "-F", file])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["LC_ALL"] = "C" },
            };
            using var process = Process.Start(start)!;
            var errorText = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors = errorText.GetAwaiter().GetResult();
            return process.ExitCode == 0 ? LspciDevice.ParseAll(output.Split('\n')) : null;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
