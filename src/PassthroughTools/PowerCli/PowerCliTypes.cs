using System.Reflection;

namespace PassthroughTools.PowerCli;

/// <summary>Makes data objects of PowerCLI's, out of the assembly that a view of it is from.</summary>
internal sealed class PowerCliTypes(object view)
{
    /// <summary>Makes an object and sets properties of it.</summary>
    /// <param name="name">Type as the API calls it.</param>
    /// <param name="values">Properties; a list becomes an array of the property's type.</param>
    public object Make(string name, params (string Property, object? Value)[] values)
    {
        var type = TypeOf(name);
        var made = Activator.CreateInstance(type)!;
        foreach (var (property, value) in values)
        {
            var found = type.GetProperty(property, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) ?? throw LiveErrors.PowerCliUnknown.For(name, name, property, "asking the server");
            if (value is not null) found.SetValue(made, found.PropertyType.IsArray && value is IEnumerable<object> items ? Array(found.PropertyType.GetElementType()!, items) : value);
        }

        return made;
    }

    /// <summary>Makes an array of a type.</summary>
    /// <param name="name">Type of the items.</param>
    /// <param name="items">Items.</param>
    public Array ArrayOf(string name, params object[] items) => Array(TypeOf(name), items);

    private static Array Array(Type type, IEnumerable<object> items)
    {
        var list = items.ToList();
        var array = System.Array.CreateInstance(type, list.Count);
        for (var i = 0; i < list.Count; i++) array.SetValue(list[i], i);
        return array;
    }

    private Type TypeOf(string name)
    {
        var known = view.GetType();
        return known.Assembly.GetType(known.Namespace + "." + name) ?? throw LiveErrors.PowerCliUnknown.For(name, known.Namespace, name, "asking the server");
    }
}
