using System.Globalization;
using System.Text;
using GraphQL;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Applies GitHub's rules for connections: <c>first</c> or <c>last</c> is required and at most 100.</summary>
internal static class Paging
{
    private const int MaxSize = 100;
    private const string CursorPrefix = "cursor:v2:";

    public static ConnectionPage Of(IResolveFieldContext field, IEnumerable<object> all) =>
        OfPositions(field, all.Select((item, index) => (index + 1, item)));

    /// <summary>Returns a page of items whose positions, and so their cursors, do not change when others come and go.</summary>
    /// <param name="all">Ascending by position, from 1.</param>
    public static ConnectionPage OfPositions(IResolveFieldContext field, IEnumerable<(int Position, object Item)> all)
    {
        string name = field.FieldDefinition.Name;
        int? first = field.GetArgument<int?>("first");
        int? last = field.GetArgument<int?>("last");
        if (first is null && last is null)
        {
            throw new GitHubErrorException(
                200, "MISSING_PAGINATION_BOUNDARIES",
                $"You must provide a `first` or `last` value to properly paginate the `{name}` connection.");
        }

        Check(first, "first", name);
        Check(last, "last", name);
        List<(int Position, object Item)> items = [.. all];
        int from = Position(field.GetArgument<string?>("after")) is { } after ? items.Count(i => i.Position <= after) : 0;
        int to = Position(field.GetArgument<string?>("before")) is { } before ? items.Count(i => i.Position < before) : items.Count;
        from = Math.Min(from, to);
        if (first is { } head)
        {
            to = Math.Min(to, from + head);
        }

        if (last is { } tail)
        {
            from = Math.Max(from, to - tail);
        }

        return new ConnectionPage(
            [.. items[from..to].Select(i => new ConnectionEdge(Cursor(i.Position), i.Item))],
            items.Count,
            HasNextPage: to < items.Count,
            HasPreviousPage: from > 0);
    }

    private static void Check(int? size, string argument, string name)
    {
        if (size is < 0)
        {
            throw new GitHubErrorException(200, "INVALID_PAGINATION", $"`{argument}` on the `{name}` connection cannot be less than zero.");
        }

        if (size > MaxSize)
        {
            throw new GitHubErrorException(
                200, "EXCESSIVE_PAGINATION",
                $"Requesting {size} records on the `{name}` connection exceeds the `{argument}` limit of {MaxSize} records.");
        }
    }

    private static string Cursor(int position) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(CursorPrefix + position.ToString(CultureInfo.InvariantCulture)));

    private static int? Position(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(cursor, bytes, out int length)
            && Encoding.ASCII.GetString(bytes[..length]) is var text
            && text.StartsWith(CursorPrefix, StringComparison.Ordinal)
            && int.TryParse(text[CursorPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int position)
                ? position
                : throw new GitHubErrorException(200, "INVALID_CURSOR_ARGUMENTS", $"`{cursor}` does not appear to be a valid cursor.");
    }
}

/// <summary>One page of a connection.</summary>
internal sealed record ConnectionPage(IReadOnlyList<ConnectionEdge> Edges, int TotalCount, bool HasNextPage, bool HasPreviousPage);

/// <param name="Node">Source object, resolved by its type.</param>
internal sealed record ConnectionEdge(string Cursor, object Node);
