using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace PassthroughTools.Tests;

/// <summary>The module's assemblies as they are loaded in this process.</summary>
internal static class ModuleAssembly
{
    /// <summary>Load contexts of the module, one a folder it was imported from.</summary>
    public static IEnumerable<AssemblyLoadContext> Contexts => AssemblyLoadContext.All.Where(context => context.Name == "PassthroughTools");

    /// <summary>The cmdlet assembly that a folder was loaded into.</summary>
    /// <param name="moduleFolder">Folder of the manifest.</param>
    public static Assembly In(string moduleFolder) =>
        Contexts.SelectMany(context => context.Assemblies)
            .Single(assembly => assembly.Location == Path.Combine(Path.GetFullPath(moduleFolder), "bin", "net8.0", "PassthroughTools.dll"));

    /// <summary>Cmdlet classes of the staged module.</summary>
    public static IEnumerable<Type> Cmdlets =>
        In(Repository.Stage).GetTypes().Where(type => type.IsDefined(typeof(CmdletAttribute), inherit: false));
}
