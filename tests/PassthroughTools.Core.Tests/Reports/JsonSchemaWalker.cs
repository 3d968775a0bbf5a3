using System.Text.Json;
using System.Text.RegularExpressions;

namespace PassthroughTools.Tests.Reports;

/// <summary>Checks a value against the part of JSON Schema 2020-12 that our schema uses. A keyword that it does not know is a fault, so that none is passed over.</summary>
internal sealed class JsonSchemaWalker(JsonElement root)
{
    private static readonly string[] Known =
        ["$schema", "$defs", "title", "description", "type", "required", "properties", "additionalProperties", "items", "$ref", "enum", "const", "pattern", "minimum", "anyOf"];

    /// <summary>What is wrong, by path; nothing when all is well.</summary>
    public List<string> Check(JsonElement value) => [.. Check(root, value, "$")];

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            foreach (var fault in Check(schema, keyword, value, path)) yield return fault;
        }
    }

    private IEnumerable<string> Check(JsonElement schema, JsonProperty keyword, JsonElement value, string path)
    {
        switch (keyword.Name)
        {
            case "$ref":
                return Check(root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), value, path);
            case "type":
                var types = keyword.Value.ValueKind == JsonValueKind.Array ? keyword.Value.EnumerateArray().Select(type => type.GetString()) : [keyword.Value.GetString()];
                return types.Contains(TypeOf(value)) ? [] : [path + ": is a " + TypeOf(value)];
            case "const":
                return JsonElement.DeepEquals(keyword.Value, value) ? [] : [path + ": is not " + keyword.Value];
            case "enum":
                return keyword.Value.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)) ? [] : [path + ": " + value + " is not listed"];
            case "pattern":
                return value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!) ? [] : [path + ": " + value + " does not match"];
            case "minimum":
                return value.ValueKind != JsonValueKind.Number || value.GetInt64() >= keyword.Value.GetInt64() ? [] : [path + ": " + value + " is too small"];
            case "anyOf":
                return keyword.Value.EnumerateArray().Any(each => !Check(each, value, path).Any()) ? [] : [path + ": matches none of anyOf: " + string.Join(" | ", keyword.Value.EnumerateArray().SelectMany(each => Check(each, value, path)))];
            case "required":
                return value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => path + ": lacks " + name);
            case "properties":
                return value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateObject().Where(each => value.TryGetProperty(each.Name, out _))
                    .SelectMany(each => Check(each.Value, value.GetProperty(each.Name), path + "." + each.Name));
            case "additionalProperties":
                return value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject().Where(each => !schema.GetProperty("properties").TryGetProperty(each.Name, out _)).Select(each => path + ": has " + each.Name);
            case "items":
                return value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().SelectMany((each, i) => Check(keyword.Value, each, path + "[" + i + "]"));
            default:
                return Known.Contains(keyword.Name) ? [] : [path + ": keyword " + keyword.Name + " is not known here"];
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Null => "null",
        _ => value.TryGetInt64(out _) ? "integer" : "number",
    };
}
