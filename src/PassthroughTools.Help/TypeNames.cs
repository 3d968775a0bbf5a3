using System.Management.Automation;

namespace PassthroughTools.Help;

/// <summary>Names of types as help shows them.</summary>
internal static class TypeNames
{
    /// <summary>The type that an array is of, or the type itself.</summary>
    /// <param name="type">Type.</param>
    public static Type Element(Type type) => type.IsArray ? type.GetElementType()! : type;

    /// <summary>Full name, as the schema has it.</summary>
    /// <param name="type">Type.</param>
    public static string Full(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? $"System.Nullable`1[{inner.FullName}]" : type.FullName ?? type.Name;

    /// <summary>Short name, as syntax diagrams have it.</summary>
    /// <param name="type">Type.</param>
    public static string Short(Type type)
    {
        if (type.IsArray) return Short(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Short(inner);
        return type == typeof(string) ? "string" : type == typeof(int) ? "int" : type == typeof(bool) ? "bool" : type == typeof(object) ? "Object"
            : type == typeof(SwitchParameter) ? "switch" : type == typeof(PSCredential) ? "pscredential" : type.Name;
    }
}
