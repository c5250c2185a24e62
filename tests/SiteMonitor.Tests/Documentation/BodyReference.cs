using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Describes the JSON of requests and responses, type by type, from the source.</summary>
internal sealed class BodyReference
{
    private readonly StringBuilder _text = new();
    private readonly Queue<Type> _pending = new();
    private readonly HashSet<Type> _known = [];

    /// <summary>Returns a section for each type and for those it holds.</summary>
    public static string Write(IEnumerable<Type> types)
    {
        BodyReference reference = new();
        foreach (Type type in types)
        {
            reference.Add(type);
        }

        while (reference._pending.TryDequeue(out Type? type))
        {
            reference.WriteType(type);
        }

        return reference._text.ToString();
    }

    private void Add(Type type)
    {
        if (_known.Add(type))
        {
            _pending.Enqueue(type);
        }
    }

    private void WriteType(Type type)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n### {type.Name}\n\n");
        if (SourceSummaries.Of(type) is { Length: > 0 } summary)
        {
            _text.Append(summary).Append("\n\n");
        }

        _text.Append("| member | type | what |\n|---|---|---|\n");
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsMember))
        {
            string name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            string suffix = IsNullable(property) ? " or null" : string.Empty;
            _text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {Describe(property.PropertyType)}{suffix} | {SourceSummaries.Of(type, property.Name)} |\n");
        }
    }

    private static bool IsMember(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0 && property.GetCustomAttribute<JsonIgnoreAttribute>() is null;

    private static bool IsNullable(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable);

    private string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(Uri))
        {
            return "text";
        }

        if (type == typeof(bool))
        {
            return "true or false";
        }

        if (type == typeof(DateTimeOffset))
        {
            return "time (ISO 8601)";
        }

        if (type == typeof(TimeSpan))
        {
            return "duration";
        }

        if (type.IsEnum)
        {
            bool isVerbatim = type.GetCustomAttribute<JsonConverterAttribute>() is not null;
            return string.Join(", ", Enum.GetNames(type).Select(n => isVerbatim ? n : JsonNamingPolicy.CamelCase.ConvertName(n)));
        }

        if (type.IsPrimitive || type == typeof(decimal))
        {
            return "number";
        }

        if (type.IsGenericType && type.GenericTypeArguments is [_, var value])
        {
            return $"map to {Describe(value)}";
        }

        if (type.IsArray || (type.IsGenericType && type.GenericTypeArguments is [_]))
        {
            return $"list of {Describe(type.GetElementType() ?? type.GenericTypeArguments[0])}";
        }

        Add(type);
        return $"[{type.Name}](#{type.Name.ToLowerInvariant()})";
    }
}
