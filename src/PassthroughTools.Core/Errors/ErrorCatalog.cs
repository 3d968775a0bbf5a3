using System.Reflection;

namespace PassthroughTools;

/// <summary>All error definitions of an assembly, for help, documentation and tests.</summary>
public static class ErrorCatalog
{
    /// <summary>Definitions declared as public static fields in the assembly, by identifier.</summary>
    /// <param name="assembly">Assembly to look in; Core itself when null.</param>
    public static IReadOnlyList<ErrorDefinition> Find(Assembly? assembly = null) =>
        [.. (assembly ?? typeof(ErrorCatalog).Assembly).GetTypes()
            .Where(type => type.IsClass && type.Name.EndsWith("Errors", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => field.GetValue(null))
            .OfType<ErrorDefinition>()
            .OrderBy(definition => definition.Id, StringComparer.Ordinal)];
}
