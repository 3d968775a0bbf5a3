using System.Diagnostics;

namespace PassthroughTools.Tests.Ssh;

/// <summary>Programs that the tests start.</summary>
internal static class Programs
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin", "/usr/bin", "/bin"]).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Fails in CI and skips elsewhere when a program is missing.</summary>
    public static string Require(string name, string package)
    {
        if (Find(name) is { } path) return path;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{name} is missing; install the package {package}.");
        Assert.Skip($"Needs {name}: apt-get install {package}");
        return "";
    }

    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
        return output;
    }

    /// <summary>Makes a key pair and gives the private key's path.</summary>
    public static string MakeKey(string folder, string name, string type = "ed25519", string passphrase = "", params string[] more)
    {
        var path = Path.Combine(folder, name);
        Run(Require("ssh-keygen", "openssh-client"), ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", path, .. more]);
        return path;
    }
}
