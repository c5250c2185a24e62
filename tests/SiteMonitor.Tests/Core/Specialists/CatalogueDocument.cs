using System.Text.Json.Nodes;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Specialists;

/// <summary>The built-in catalogue's file, with one place changed.</summary>
internal static class CatalogueDocument
{
    public static string Text { get; } = Read("specialists.json");

    public static string Schema { get; } = Read("specialists.schema.json");

    /// <param name="path">Dotted, indexes as numbers: <c>specialists.0.rules.1.weight</c>.</param>
    /// <param name="json">The new value; null takes the member away.</param>
    public static string With(string path, string? json)
    {
        JsonNode root = JsonNode.Parse(Text)!;
        string[] steps = path.Split('.');
        JsonNode parent = steps.SkipLast(1).Aggregate(root, (node, step) => int.TryParse(step, out int i) ? node[i]! : node[step]!);
        if (json is null)
        {
            parent.AsObject().Remove(steps[^1]);
        }
        else if (int.TryParse(steps[^1], out int index))
        {
            parent[index] = JsonNode.Parse(json);
        }
        else
        {
            parent[steps[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString();
    }

    private static string Read(string name)
    {
        using Stream stream = typeof(CatalogueLoader).Assembly.GetManifestResourceStream($"SiteMonitor.Core.Specialists.{name}")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
