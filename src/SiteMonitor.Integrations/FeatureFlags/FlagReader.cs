using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.FeatureManagement;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Reads stored flags, and switches off those with a filter that Microsoft.FeatureManagement refuses to evaluate.</summary>
internal static class FlagReader
{
    private static readonly IReadOnlyList<IFeatureFilterMetadata> Filters =
        FlagEvaluator.CreateFilters(TimeProvider.System, NullLoggerFactory.Instance);

    private static readonly IssueTargetingContext AnyIssue = new(new IssueRef(new RepositoryRef("owner", "name"), 1), []);

    public static async Task<StoredFlag> ReadAsync(string name, string json, string etag)
    {
        StoredFlag stored = FlagJson.Parse(name, json, etag);
        foreach (FlagFilter filter in stored.Flag.Enabled ? stored.Flag.Filters : [])
        {
            try
            {
                // Alone, because evaluation stops at the first filter that decides.
                FeatureFlag alone = new() { Name = name, Enabled = true, Filters = [filter], Json = json };
                FeatureManager manager = FlagEvaluator.CreateManager(
                    new FlagSnapshot([new StoredFlag(alone, etag)], DateTimeOffset.MinValue), Filters);
                await manager.IsEnabledAsync(name, AnyIssue);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return FlagJson.Reject(stored, $"filter {filter.Name} cannot be evaluated ({e.Message.Split('\n')[0].TrimEnd('.')})");
            }
        }

        return stored;
    }
}
