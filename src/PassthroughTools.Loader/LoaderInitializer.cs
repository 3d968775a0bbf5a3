using System.Management.Automation;
#if NET8_0_OR_GREATER
using System.Reflection;
#endif

namespace PassthroughTools.Loader;

/// <summary>
/// The first nested module. It sees to it that the cmdlet assembly's dependencies neither replace those of other modules nor are replaced
/// by them: PowerShell 7 gets the cmdlets in a load context of their own, Windows PowerShell 5.1, which has neither load contexts nor
/// binding redirects, a resolver that answers for nothing but our own assemblies.
/// </summary>
/// <remarks>
/// An assembly that the manifest names by path goes to the default context. One that is not there is asked for by name, right after
/// this has run and on the same thread; hence the second nested module of PowerShell 7 has a name that no file has. The runtime does not
/// remember an answer that bears another name than it asked for, so each version of the module is asked for its own.
/// </remarks>
public sealed class LoaderInitializer : IModuleAssemblyInitializer
{
    private static readonly string s_folder = Path.GetDirectoryName(typeof(LoaderInitializer).Assembly.Location)!;

#if NET8_0_OR_GREATER
    private const string AskedFor = "PassthroughTools.Commands";

    private static readonly Lazy<Assembly> s_cmdlets = new(static () =>
        new ModuleLoadContext(s_folder).LoadFromAssemblyPath(Path.Combine(s_folder, "PassthroughTools.dll")));

    // Another version's loader may be there too and is asked as well: only the one whose module is being imported answers.
    [ThreadStatic]
    private static bool t_importing;

    static LoaderInitializer() => AppDomain.CurrentDomain.AssemblyResolve += static (_, request) => Answer(request.Name);

    /// <inheritdoc/>
    public void OnImport() => t_importing = true;

    private static Assembly? Answer(string name)
    {
        if (!t_importing || new AssemblyName(name).Name is not AskedFor) return null;
        t_importing = false;
        return s_cmdlets.Value;
    }
#else
    static LoaderInitializer() => FolderResolver.Register(s_folder);

    /// <inheritdoc/>
    public void OnImport()
    {
        // The static constructor has done it, once.
    }
#endif
}
