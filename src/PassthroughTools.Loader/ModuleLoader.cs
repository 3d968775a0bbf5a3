using System.Reflection;

namespace PassthroughTools.Loader;

/// <summary>
/// Loads the cmdlet assembly of one module folder so that its dependencies neither replace those of other modules nor are replaced by them.
/// PowerShell 7 gives each folder a load context of its own; Windows PowerShell 5.1, which has no load contexts and no binding redirects,
/// gets a resolver that answers for nothing but our own assemblies.
/// </summary>
public static class ModuleLoader
{
    private const string CmdletAssembly = "PassthroughTools";

    private static readonly object Gate = new();
    private static volatile Dictionary<string, Assembly> _loaded = new(StringComparer.Ordinal);

    /// <summary>Loads the cmdlet assembly, once a folder however often and from however many runspaces it is asked for.</summary>
    /// <param name="folder">Folder that holds <c>PassthroughTools.dll</c> and its dependencies.</param>
    /// <returns>The cmdlet assembly.</returns>
    /// <exception cref="ArgumentNullException">The folder is null.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no such assembly.</exception>
    public static Assembly Load(string folder)
    {
        if (folder is null) throw new ArgumentNullException(nameof(folder));
        var path = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar);
        if (_loaded.TryGetValue(path, out var known)) return known;
        lock (Gate)
        {
            if (_loaded.TryGetValue(path, out known)) return known;
            var assembly = LoadFrom(path);
            // A new dictionary each time: readers outside the lock never see one that is being written.
            _loaded = new Dictionary<string, Assembly>(_loaded, StringComparer.Ordinal) { [path] = assembly };
            return assembly;
        }
    }

#if NET8_0_OR_GREATER
    private static Assembly LoadFrom(string folder) =>
        new ModuleLoadContext(folder).LoadFromAssemblyPath(Path.Combine(folder, CmdletAssembly + ".dll"));
#else
    private static Assembly LoadFrom(string folder)
    {
        var file = Path.Combine(folder, CmdletAssembly + ".dll");
        if (!File.Exists(file)) throw new FileNotFoundException("The module is incomplete: a file is missing.", file);
        FolderResolver.Register(folder);
        return Assembly.LoadFrom(file);
    }
#endif
}
