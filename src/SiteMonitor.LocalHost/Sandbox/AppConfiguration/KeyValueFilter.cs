namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>A filter expression for keys or labels: <c>*</c>, a start with <c>*</c> behind, or up to five names between commas; <c>\</c> before a reserved character.</summary>
internal sealed class KeyValueFilter
{
    private const int MostNames = 5;

    private readonly string? _start;
    private readonly IReadOnlyList<string> _names;

    private KeyValueFilter(string? start, IReadOnlyList<string> names)
    {
        _start = start;
        _names = names;
    }

    /// <returns>Null when the expression is not allowed.</returns>
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

        return names.Count > MostNames ? null : new(null, names);
    }

    /// <param name="text">Null, no label, is written <c>\0</c> in a filter.</param>
    public bool Matches(string? text) => _start is null ? _names.Contains(text ?? "\0") : (text ?? string.Empty).StartsWith(_start, StringComparison.Ordinal);
}
