#if NET8_0_OR_GREATER
using System.Reflection;
using System.Runtime.Loader;

namespace PassthroughTools.Loader;

/// <summary>Holds our cmdlets and their dependencies. What our folder lacks comes from the default context.</summary>
/// <param name="folder">The only folder that it resolves from.</param>
internal sealed class ModuleLoadContext(string folder) : AssemblyLoadContext("PassthroughTools")
{
    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The engine must be the one that hosts us, or no cmdlet would be a cmdlet to it; the compile-time stand-in for it
        // (PowerShellStandard) bears the same name.
        if (assemblyName.Name is null or "System.Management.Automation") return null;
        var file = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
#endif
