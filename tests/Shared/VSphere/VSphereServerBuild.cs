using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace PassthroughTools.Tests;

/// <summary>Builds the vSphere server, once for each state of its sources, whoever asks first.</summary>
internal static class VSphereServerBuild
{
    private const string GoCode = "/usr/share/gocode";
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>The program. A test that needs it is skipped where Go or the library is missing, and fails under CI.</summary>
    public static string Program
    {
        get
        {
            var missing = Missing();
            if (missing.Length > 0)
            {
                var text = $"The vSphere server can't be built: the Debian packages {missing} are not installed.";
                Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", text);
                Assert.Fail(text);
            }

            return Built.Value;
        }
    }

    /// <summary>Root of the work tree.</summary>
    public static string Root { get; } =
        typeof(VSphereServerBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepoRoot").Value!;

    /// <summary>The inventory that run.sh shows.</summary>
    public static string DefaultInventory { get; } = Path.Combine(Root, "tests", "vsphere-server", "inventory", "default.json");

    private static string Missing()
    {
        var names = new List<string>();
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!paths.Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "go")))) names.Add("golang-go");
        if (!Directory.Exists(GoCode + "/src/github.com/vmware/govmomi/simulator")) names.Add("golang-github-vmware-govmomi-dev");
        return string.Join(" and ", names);
    }

    private static string Build()
    {
        var sources = Path.Combine(Root, "tests", "vsphere-server");
        var folder = Path.Combine(Root, "out", "vsphere-server");
        Directory.CreateDirectory(folder);
        var program = Path.Combine(folder, "vsphere-server-" + Fingerprint(sources));
        using var _ = Lock(Path.Combine(folder, "build.lock"));
        if (File.Exists(program)) return program;

        var draft = program + ".new";
        var start = new ProcessStartInfo("go", ["build", "-o", draft, "."])
        {
            WorkingDirectory = sources,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOPATH"] = GoCode;
        start.Environment["GOFLAGS"] = "";
        if (!new[] { "GOCACHE", "XDG_CACHE_HOME", "HOME" }.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }))
        {
            start.Environment["GOCACHE"] = Path.Combine(folder, "cache");
        }

        using var go = Process.Start(start)!;
        var output = go.StandardOutput.ReadToEndAsync();
        var errors = go.StandardError.ReadToEnd();
        go.WaitForExit();
        Assert.True(go.ExitCode == 0, "go build: " + errors + output.Result);
        foreach (var old in Directory.EnumerateFiles(folder, "vsphere-server-*").Where(file => file != draft)) File.Delete(old);
        File.Move(draft, program);
        return program;
    }

    private static string Fingerprint(string sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(sources, "*.go").Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // Test projects run one after the other in build.ps1, but a developer may start several.
    private static FileStream Lock(string file)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (patience.Elapsed < TimeSpan.FromMinutes(10))
            {
                Thread.Sleep(100);
            }
        }
    }
}
