namespace SiteMonitor.Core.Issues;

/// <summary>The stage that a caller asks for.</summary>
public enum RequestedStage
{
    /// <summary>The stage that the issue's state asks for, and every later one.</summary>
    Auto,
    Analysis,
    Preparation,

    /// <summary>Both stages; the issue must be discovered.</summary>
    All,
}

/// <summary>Writes and parses requested stages as commands, routes and the ledger have them.</summary>
public static class RequestedStageNames
{
    public static string ToName(this RequestedStage stage) => stage switch
    {
        RequestedStage.Auto => StageNames.Auto,
        RequestedStage.Analysis => StageNames.Analysis,
        RequestedStage.Preparation => StageNames.Preparation,
        _ => StageNames.All,
    };

    /// <summary>Parses <c>auto</c>, <c>analysis</c>, <c>preparation</c> or <c>all</c>, ignoring case; empty means <c>auto</c>.</summary>
    /// <param name="error">What is wrong and what is allowed; null when parsed.</param>
    public static bool TryParse(string? text, out RequestedStage stage, out string? error)
    {
        string wanted = text?.Trim() ?? string.Empty;
        stage = RequestedStage.Auto;
        error = null;
        if (wanted.Length == 0)
        {
            return true;
        }

        foreach (RequestedStage known in Enum.GetValues<RequestedStage>())
        {
            if (wanted.Equals(known.ToName(), StringComparison.OrdinalIgnoreCase))
            {
                stage = known;
                return true;
            }
        }

        error = $"'{Shorten(wanted)}' is not a stage: use auto, analysis, preparation or all.";
        return false;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
