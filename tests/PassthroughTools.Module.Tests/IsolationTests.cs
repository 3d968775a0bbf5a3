using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using System.Text;

namespace PassthroughTools.Tests;

/// <summary>Another module's version of one of our dependencies neither disturbs ours nor is disturbed by it.</summary>
public sealed class IsolationTests : IDisposable
{
    private const string Dependency = "PassthroughTools.Core";

    private static int s_versions;

    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-isolation-").FullName;

    [Fact]
    public void A_clashing_dependency_that_is_loaded_first_does_not_reach_the_module()
    {
        var module = CopyOfModule();
        var theirs = Assembly.LoadFrom(ClashingDependency());
        using var session = ModuleSession.From(module);
        Assert.NotSame(theirs, OurDependency(module));
        Assert.Equal(ModuleAssembly.In(module).GetName().Version, OurDependency(module).GetName().Version);
    }

    [Fact]
    public void A_clashing_dependency_that_is_loaded_later_is_not_replaced_by_ours()
    {
        var module = CopyOfModule();
        using var session = ModuleSession.From(module);
        var ours = OurDependency(module);
        var theirs = new AssemblyLoadContext("someone else").LoadFromAssemblyPath(ClashingDependency());
        Assert.Equal(new Version(99, 0, 0, 0), theirs.GetName().Version);
        Assert.Same(ours, OurDependency(module));
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, assembly => assembly == ours);
    }

    [Fact]
    public void The_module_uses_the_engine_that_hosts_it()
    {
        var module = CopyOfModule();
        using var session = ModuleSession.From(module);
        Assert.DoesNotContain(
            AssemblyLoadContext.GetLoadContext(ModuleAssembly.In(module))!.Assemblies,
            assembly => assembly.GetName().Name == "System.Management.Automation");
    }

    [Fact]
    public void Versions_of_the_module_keep_apart_in_one_process()
    {
        var (first, second) = (CopyOfModule(), CopyOfModule());
        using var one = ModuleSession.From(first);
        using var two = ModuleSession.From(second);
        Assert.NotSame(ModuleAssembly.In(first), ModuleAssembly.In(second));
    }

    [Fact]
    public void An_update_takes_the_place_of_the_module_in_a_running_session_and_the_old_version_its_place_again()
    {
        const string Where = "Get-Module PassthroughTools | Remove-Module; Import-Module $args[0]; (Get-Command Get-PassthruError).ImplementingType.Assembly.Location";
        var (old, update) = (CopyOfModule(), CopyOfModule());
        using var session = ModuleSession.Bare();
        foreach (var module in (string[])[old, update, update, old])
            Assert.StartsWith(module, session.Run(Where, Path.Combine(module, "PassthroughTools.psd1")).ThrowIfFailed().Single.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_the_loader_is_in_everyones_context()
    {
        var module = CopyOfModule();
        using var session = ModuleSession.From(module);
        session.Run("Get-PassthruEvidence samples/lpe12000-outage | Test-HostVectorBudget").ThrowIfFailed();
        Assert.Equal(
            [LoaderOf(module)],
            AssemblyLoadContext.Default.Assemblies.Where(each => !each.IsDynamic && each.Location.StartsWith(module, StringComparison.Ordinal)).Select(each => each.Location));
    }

    [Fact]
    public async Task Runspaces_that_import_at_the_same_time_share_one_copy()
    {
        var module = CopyOfModule();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var session = ModuleSession.From(module);
        })));
        Assert.NotNull(ModuleAssembly.In(module)); // In() fails unless there is exactly one
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Assembly OurDependency(string module) =>
        AssemblyLoadContext.GetLoadContext(ModuleAssembly.In(module))!.LoadFromAssemblyName(new AssemblyName(Dependency));

    private static string LoaderOf(string module) => Directory.GetFiles(Path.Combine(module, "bin", "net8.0"), "PassthroughTools.Loader.*.dll").Single();

    // A version of its own that was never imported, and so has a load context that was never used.
    private string CopyOfModule()
    {
        var target = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        foreach (var file in Directory.GetFiles(Repository.Stage, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Repository.Stage, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // As long as the name that it replaces, so that it can be written over that in the assembly.
        var loader = LoaderOf(target);
        var name = Path.GetFileNameWithoutExtension(loader);
        var version = (ushort)Interlocked.Increment(ref s_versions);
        var other = $"{name[..^4]}{version:d4}";
        File.WriteAllBytes(loader, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(File.ReadAllBytes(loader)).Replace(name, other, StringComparison.Ordinal)));
        File.Move(loader, Path.Combine(Path.GetDirectoryName(loader)!, other + ".dll"));
        var manifest = Path.Combine(target, "bin", "PassthroughTools.Cmdlets.psd1");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(name, other, StringComparison.Ordinal));
        foreach (var ours in Directory.GetFiles(Path.GetDirectoryName(loader)!, "PassthroughTools*.dll").Where(file => !Path.GetFileNameWithoutExtension(file).StartsWith("PassthroughTools.Loader", StringComparison.Ordinal)))
            SetRevision(ours, version);
        return target;
    }

    // The engine keeps what it knows of a cmdlet by the full name of its type, for the whole process: a version of the same number would disturb other tests.
    private static void SetRevision(string file, ushort revision)
    {
        const int RevisionInRow = 10; // after the hash algorithm and three other numbers of the version
        var bytes = File.ReadAllBytes(file);
        using var image = new PEReader([.. bytes]);
        var row = image.PEHeaders.MetadataStartOffset + image.GetMetadataReader().GetTableMetadataOffset(TableIndex.Assembly);
        BitConverter.TryWriteBytes(bytes.AsSpan(row + RevisionInRow), revision);
        File.WriteAllBytes(file, bytes);
    }

    private string ClashingDependency()
    {
        var file = Path.Combine(_folder, "theirs", Dependency + ".dll");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Dependency) { Version = new Version(99, 0, 0, 0) }, typeof(object).Assembly);
        assembly.DefineDynamicModule(Dependency).DefineType("Theirs", TypeAttributes.Public).CreateType();
        assembly.Save(file);
        return file;
    }
}
