using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Core.Contracts;

/// <summary>The stages a caller may ask for, as routes, the command line and the ledger write them.</summary>
public static class StageNames
{
    /// <summary>Starts at the stage the state asks for and continues to the end of the way.</summary>
    public const string Auto = "auto";

    public const string Analysis = "analysis";
    public const string Preparation = "preparation";

    /// <summary>Both stages; needs a discovered issue.</summary>
    public const string All = "all";

    public static IReadOnlyList<string> Known { get; } = [Auto, Analysis, Preparation, All];

    public static string Of(Stage stage) => stage == Stage.Analysis ? Analysis : Preparation;
}
