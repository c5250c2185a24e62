using System.Collections;
using System.Reflection;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.Announcements;
using SiteMonitor.Integrations.AppConfiguration;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Integrations.Rollout;
using SiteMonitor.Integrations.Storage;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Finds misspelt names among the settings of the command line.</summary>
internal static class KnownSettings
{
    private const string AnyName = "*";

    // Settings of the Functions host and of libraries, which no options class lists.
    private static readonly string[] OtherPrefixes = ["AzureWebJobs", "APPLICATIONINSIGHTS_", "OTEL_", "FUNCTIONS_", "Logging:"];

    private static readonly Lazy<string[]> Names = new(static () =>
    [
        .. NamesOf(GitHubOptions.Section, typeof(GitHubOptions)),
        .. NamesOf(AzureOpenAIOptions.Section, typeof(AzureOpenAIOptions)),
        .. NamesOf(AppConfigurationOptions.Section, typeof(AppConfigurationOptions)),
        .. NamesOf("FeatureFlags", typeof(FeatureFlagsOptions)),
        .. NamesOf(LedgerOptions.Section, typeof(LedgerOptions)),
        .. NamesOf(RolloutOptions.Section, typeof(RolloutOptions)),
        .. NamesOf(AnnouncementsOptions.Section, typeof(AnnouncementsOptions)),
        .. NamesOf(CircuitBreakerOptions.Section, typeof(CircuitBreakerOptions)),
        .. NamesOf(PipelineOptions.Section, typeof(PipelineOptions)),
    ]);

    /// <returns>One sentence per unknown name, with the nearest known one.</returns>
    public static IReadOnlyList<string> FindProblems(IEnumerable<string> names) =>
    [
        .. names.Where(name => !IsKnown(name))
            .Select(name => $"--set: there is no setting '{name}'. Did you mean '{FindNearest(name)}'? docs/configuration.md lists all."),
    ];

    private static bool IsKnown(string name) =>
        OtherPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)) || Names.Value.Any(known => Matches(known, name));

    private static bool Matches(string known, string name)
    {
        string[] pattern = known.Split(':');
        string[] parts = name.Split(':');
        // A list may be given as one text or as numbered items.
        int length = parts.Length == pattern.Length + 1 && int.TryParse(parts[^1], out _) ? parts.Length - 1 : parts.Length;
        return length == pattern.Length
            && pattern.Zip(parts).All(p => p.First == AnyName || p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static string FindNearest(string name) =>
        Names.Value.MinBy(known => Distance(known.ToUpperInvariant(), name.ToUpperInvariant()))!;

    private static IEnumerable<string> NamesOf(string prefix, Type type)
    {
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite))
        {
            string name = $"{prefix}:{property.Name}";
            Type? entry = property.PropertyType.IsGenericType && typeof(IDictionary).IsAssignableFrom(property.PropertyType)
                ? property.PropertyType.GenericTypeArguments[1]
                : null;
            foreach (string inner in entry is not null ? NamesOfEntry($"{name}:{AnyName}", entry)
                : property.PropertyType.Namespace == type.Namespace && property.PropertyType.IsClass ? NamesOf(name, property.PropertyType)
                : [name])
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<string> NamesOfEntry(string name, Type entry) =>
        entry.GetConstructor([]) is null ? [name] : NamesOf(name, entry);

    // Levenshtein distance.
    private static int Distance(string one, string other)
    {
        int[] previous = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int[] current = new int[other.Length + 1];
            current[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = previous[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
