using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using PassthroughTools.Tests.Ssh;

namespace PassthroughTools.Tests;

/// <summary>Collecting works beside other modules' versions of every assembly that we ship, whichever was loaded first.</summary>
[Collection("One at a time")]
public sealed class SshIsolationTests
{
    private const string Argument = "--ssh-isolation";

    /// <summary>Assemblies that are ours alone: all that is staged for PowerShell 7, the cmdlets and the loader apart.</summary>
    private static IEnumerable<string> Dependencies => Directory.GetFiles(Path.Combine(Repository.Stage, "bin", "net8.0"), "*.dll")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name is not "PassthroughTools" && !name.StartsWith("PassthroughTools.Loader", StringComparison.Ordinal));

    [Fact]
    public void The_dependencies_that_clash_most_are_among_those_that_are_tried()
    {
        Assert.Contains("Renci.SshNet", Dependencies);
        Assert.Contains("BouncyCastle.Cryptography", Dependencies);
        Assert.Contains("Microsoft.Extensions.Logging.Abstractions", Dependencies);
    }

    [Theory]
    [InlineData("first")]
    [InlineData("after")]
    public async Task Collecting_works_where_other_versions_of_our_dependencies_were_loaded(string order)
    {
        using var host = new EsxHost();
        using var server = new SshServer(host);
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "theirs")).FullName;
        foreach (var name in Dependencies) Make(folder, name);

        // A process of its own: what is loaded into the default context stays there. The runner of this assembly gives way to the argument.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Argument] = string.Join('\n', order, folder, server.Name, server.UserKey, server.KnownHosts);
        foreach (var word in new[] { "-method", typeof(SshIsolationTests).FullName + "." + nameof(Child), "-explicit", "only", "-noLogo", "-noColor" }) start.ArgumentList.Add(word);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Insert(0, typeof(SshIsolationTests).Assembly.Location);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 && output.Contains("Failed: 0", StringComparison.Ordinal) && output.Contains("Total: 1", StringComparison.Ordinal), output + await errors);
    }

    /// <summary>The part that runs in the process of its own.</summary>
    [Fact(Explicit = true)]
    public void Child()
    {
        var words = (Environment.GetEnvironmentVariable(Argument) ?? "").Split('\n');
        if (words.Length < 5) Assert.Skip("Only run by the test that starts it.");
        if (words[0] == "first") LoadTheirs(words[1]);
        using var session = new ModuleSession();
        var evidence = Collect(session, words);
        if (words[0] == "after")
        {
            LoadTheirs(words[1]);
            evidence = Collect(session, words);
        }

        Assert.Equal("esx01.example.com", evidence);
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, each => each.GetName().Name == "Renci.SshNet" && each.GetName().Version!.Major != 99);
    }

    private static string Collect(ModuleSession session, string[] words) => session.Run(
        "param($name, $key, $known, $user) (Get-PassthruEvidence -HostName $name -KeyFile $key -KnownHosts $known -Credential $user).HostName",
        words[2], words[3], words[4], new System.Management.Automation.PSCredential(SshServer.User, new System.Security.SecureString())).ThrowIfFailed().Single.ToString()!;

    // What the runtime itself brings can't be loaded in another version: it would answer with its own.
    private static void LoadTheirs(string folder)
    {
        var count = 0;
        foreach (var file in Directory.GetFiles(folder))
        {
            try
            {
                if (AssemblyLoadContext.Default.LoadFromAssemblyPath(file).GetName().Version!.Major == 99) count++;
            }
            catch (FileLoadException)
            {
            }
        }

        Assert.True(count >= 4, $"{count} of theirs were loaded");
    }

    private static void Make(string folder, string name)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name) { Version = new Version(99, 0, 0, 0) }, typeof(object).Assembly);
        assembly.DefineDynamicModule(name).DefineType("Theirs", TypeAttributes.Public).CreateType();
        assembly.Save(Path.Combine(folder, name + ".dll"));
    }
}
