using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Integrations.Rollout;

/// <summary>Reads the configured rollout plan.</summary>
public static class PlanSource
{
    /// <summary>Returns the plan or its problems: file, place, what to do.</summary>
    public static PlanParseResult Load(RolloutOptions options)
    {
        PlanParseResult file = Read(options.Plan);
        return file.Plan is { } plan && !string.IsNullOrEmpty(options.InitialPhase) && plan.Find(options.InitialPhase) is null
            ? file with { Problems = [.. file.Problems, $"Rollout:InitialPhase: the plan has no phase '{options.InitialPhase}'; " +
                $"choose among {string.Join(", ", plan.Phases.Select(p => p.Name))}."] }
            : file;
    }

    private static PlanParseResult Read(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return new PlanParseResult(PlanParseResult.Default, []);
        }

        try
        {
            PlanParseResult file = PlanParseResult.Parse(File.ReadAllText(path));
            return file with { Problems = [.. file.Problems.Select(p => $"{path}: {p}")] };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PlanParseResult(null, [$"Rollout:Plan: {path} cannot be read ({e.Message.TrimEnd('.')})."]);
        }
    }
}

/// <summary>Reads the configured rules for accepted differences.</summary>
internal static class AcceptedDifferencesSource
{
    /// <summary>Returns the rules or their problems: file, place, what to do.</summary>
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
