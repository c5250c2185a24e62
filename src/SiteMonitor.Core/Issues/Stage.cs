namespace SiteMonitor.Core.Issues;

public enum Stage
{
    Analysis,
    Preparation,
}

/// <summary>Names of stages in routes, commands and the ledger.</summary>
public static class StageNames
{
    /// <summary>Starts at the stage that the issue's state asks for and continues to the end.</summary>
    public const string Auto = "auto";

    public const string Analysis = "analysis";
    public const string Preparation = "preparation";

    /// <summary>Both stages; needs a discovered issue.</summary>
    public const string All = "all";

    public static IReadOnlyList<string> Known { get; } = [Auto, Analysis, Preparation, All];

    public static string Of(Stage stage) => stage == Stage.Analysis ? Analysis : Preparation;
}

/// <summary>The logic that a stage runs.</summary>
public enum Logic
{
    Unified,
    Legacy,

    /// <summary>None: the stage and its fallback are switched off, so the issue waits.</summary>
    Wait,
}
