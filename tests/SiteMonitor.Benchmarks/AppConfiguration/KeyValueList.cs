using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most <see cref="PageSize"/>.</param>
/// <param name="Next">Path and query of the next page, or null.</param>
internal sealed record KeyValueList(ImmutableArray<KeyValue> Items, string? Next)
{
    public const int PageSize = 100;

    /// <summary>ETag of the whole page; it changes with anything on the page.</summary>
    public string ETag { get; } = Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Items.Select(i => i.ETag).Append(Next ?? string.Empty)))));

    /// <returns>Null if a part of the query is not allowed; then <paramref name="wrong"/> names it.</returns>
    public static KeyValueList? Page(IEnumerable<KeyValue> all, HttpRequest request, out string wrong)
    {
        IQueryCollection query = request.Query;
        KeyValueFilter? keys = KeyValueFilter.Parse(query["key"]), labels = KeyValueFilter.Parse(query["label"]);
        (string Key, string? Label)? after = After(query["after"]);
        string[] tags = [.. query["tags"].OfType<string>()];
        wrong = keys is null ? "key" : labels is null ? "label" : after is null ? "after" : tags.Any(
            t => !t.Contains('=', StringComparison.Ordinal)) ? "tags" : string.Empty;
        if (keys is null || labels is null || after is not { } start || wrong.Length > 0)
        {
            return null;
        }

        KeyValue[] found = [.. all
            .Where(k => keys.Matches(k.Key)
                && labels.Matches(k.Label)
                && tags.All(t => HasTag(k, t))
                && KeyValueOrder.Instance.Compare((k.Key, k.Label), start) > 0)
            .Take(PageSize + 1)];
        return found.Length <= PageSize
            ? new KeyValueList([.. found], null)
            : new KeyValueList([.. found[..PageSize]], Address(request, found[PageSize - 1]));
    }

    private static bool HasTag(KeyValue keyValue, string tag) =>
        tag.Split('=', 2) is var parts && keyValue.Tags.TryGetValue(parts[0], out string? value) && value == parts[1];

    private static string Address(HttpRequest request, KeyValue last)
    {
        string after = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { last.Key, last.Label }));
        IEnumerable<string> kept = request.QueryString.Value!.TrimStart('?').Split('&').Where(
            p => !p.StartsWith("after=", StringComparison.Ordinal));
        return $"{request.PathBase}/kv?{string.Join('&', kept)}&after={after}";
    }

    private static (string Key, string? Label)? After(string? token)
    {
        try
        {
            return token is null ? (string.Empty, null) : JsonSerializer.Deserialize<string?[]>(
                Base64Url.DecodeFromChars(token)) is [{ } key, var label] ? (key, label) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// A filter for keys or labels: <c>*</c>, a prefix followed by <c>*</c>, or up to five names separated by commas; <c>\</c> escapes a
/// reserved character.
/// </summary>
internal sealed class KeyValueFilter
{
    private const int MaxNames = 5;

    private readonly string? _start;
    private readonly IReadOnlyList<string> _names;

    private KeyValueFilter(string? start, IReadOnlyList<string> names)
    {
        _start = start;
        _names = names;
    }

    /// <returns>Null if the expression is not allowed.</returns>
    public static KeyValueFilter? Parse(string? expression)
    {
        if (string.IsNullOrEmpty(expression))
        {
            return new(string.Empty, []);
        }

        List<string> names = [string.Empty];
        for (int i = 0; i < expression.Length; i++)
        {
            switch (expression[i])
            {
                case '*' when i == expression.Length - 1 && names.Count == 1:
                    return new(names[0], []);
                case '*':
                    return null;
                case ',':
                    names.Add(string.Empty);
                    break;
                case '\\' when ++i == expression.Length || expression[i] is not ('*' or ',' or '\\'):
                    return null;
                default:
                    names[^1] += expression[i];
                    break;
            }
        }

        return names.Count > MaxNames ? null : new(null, names);
    }

    /// <param name="text">Null (no label) is written <c>\0</c> in a filter.</param>
    public bool Matches(string? text) =>
        _start is null ? _names.Contains(text ?? "\0") : (text ?? string.Empty).StartsWith(_start, StringComparison.Ordinal);
}
