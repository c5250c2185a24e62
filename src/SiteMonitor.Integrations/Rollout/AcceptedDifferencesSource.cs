using SiteMonitor.Core.Comparison;

namespace SiteMonitor.Integrations.Rollout;

/// <summary>Reads the rules for accepted differences that the settings name.</summary>
internal static class AcceptedDifferencesSource
{
    /// <summary>The rules, or what is wrong with them: file, place, what to do.</summary>
    public static AcceptedDifferencesLoadResult Load(RolloutOptions options)
    {
        if (string.IsNullOrEmpty(options.AcceptedDifferences))
        {
            return new AcceptedDifferencesLoadResult(AcceptedDifferences.BuiltIn, []);
        }

        try
        {
            return AcceptedDifferences.Load(File.ReadAllText(options.AcceptedDifferences), options.AcceptedDifferences);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new AcceptedDifferencesLoadResult(null, [$"{options.AcceptedDifferences} cannot be read ({e.Message.TrimEnd('.')})."]);
        }
    }
}
