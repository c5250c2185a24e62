namespace SiteMonitor.Core.Issues;

public enum Stage
{
    Analysis,
    Preparation,
}

/// <summary>The stages a caller may ask for, as routes, the command line and the ledger write them.</summary>
public static class StageNames
{
    /// <summary>Starts at the stage the issue's state asks for and continues to the end of the way.</summary>
    public const string Auto = "auto";

    public const string Analysis = "analysis";
    public const string Preparation = "preparation";

    /// <summary>Both stages; needs a discovered issue.</summary>
    public const string All = "all";

    public static IReadOnlyList<string> Known { get; } = [Auto, Analysis, Preparation, All];

    public static string Of(Stage stage) => stage == Stage.Analysis ? Analysis : Preparation;
}

/// <summary>Which logic a stage runs.</summary>
public enum Logic
{
    Unified,
    Legacy,

    /// <summary>The stage is switched off and so is its fallback: the issue waits, and says so.</summary>
    Wait,
}
