using System.Reflection;
using System.Text.Json;

namespace SiteMonitor.Sandbox.Seeds;

/// <summary>The findings embedded in this assembly.</summary>
public static class SeedCatalogue
{
    /// <summary>Repository of the findings.</summary>
    public const string Repository = "octo-org/watchtower";

    /// <summary>Repository of generated findings.</summary>
    public const string SyntheticRepository = "octo-org/loadtest";

    private const string Prefix = "SiteMonitor.Sandbox.Seeds.Findings.";

    private static readonly Lazy<IReadOnlyList<Seed>> All = new(Load);

    /// <summary>The findings by number.</summary>
    public static IReadOnlyList<Seed> Seeds => All.Value;

    private static IReadOnlyList<Seed> Load()
    {
        Assembly assembly = typeof(SeedCatalogue).Assembly;
        List<Seed> seeds = [];
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            seeds.AddRange(JsonSerializer.Deserialize<List<Seed>>(stream, SandboxJson.Options)!);
        }

        return [.. seeds.OrderBy(s => s.Number)];
    }
}
