#if !NET8_0_OR_GREATER
using System.Reflection;

namespace PassthroughTools.Loader;

/// <summary>
/// Stands in for binding redirects in Windows PowerShell 5.1: when one of our assemblies asks for another of ours in a lower version
/// than we ship, it gets the one that we ship. Everyone else's requests are left alone.
/// </summary>
internal static class FolderResolver
{
    /// <summary>Starts to answer for a folder. Called once a folder.</summary>
    /// <param name="folder">Full path.</param>
    public static void Register(string folder) =>
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) => Resolve(folder, request);

    private static Assembly? Resolve(string folder, ResolveEventArgs request)
    {
        if (!IsOurs(folder, request.RequestingAssembly)) return null;
        var wanted = new AssemblyName(request.Name);
        var file = Path.Combine(folder, wanted.Name + ".dll");
        if (wanted.Name is "System.Management.Automation" || !File.Exists(file)) return null;
        var shipped = AssemblyName.GetAssemblyName(file);
        return IsSameKey(wanted, shipped) && (wanted.Version is null || wanted.Version <= shipped.Version) ? Assembly.LoadFrom(file) : null;
    }

    private static bool IsOurs(string folder, Assembly? assembly) =>
        assembly is { IsDynamic: false, Location.Length: > 0 }
        && string.Equals(Path.GetDirectoryName(assembly.Location), folder, StringComparison.OrdinalIgnoreCase);

    private static bool IsSameKey(AssemblyName wanted, AssemblyName shipped)
    {
        var key = wanted.GetPublicKeyToken() ?? [];
        return key.Length == 0 || key.SequenceEqual(shipped.GetPublicKeyToken() ?? []);
    }
}
#endif
