namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>A rollout that is played on the simulated clock.</summary>
internal interface IScenario
{
    /// <summary>Issues opened so far, the plan's test issues not counted.</summary>
    int Issues { get; }

    /// <exception cref="ScenarioException">It did not go as expected.</exception>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>The scenarios by the name that <c>--scenario</c> takes.</summary>
internal static class ScenarioNames
{
    public const string Rollout = "rollout";
    public const string LowVolume = "low-volume";
    public const string FailingModel = "failing-model";

    public static string[] All { get; } = [Rollout, LowVolume, FailingModel];

    public static IScenario Create(string name, ScenarioHost host, Action<string> say) => name switch
    {
        LowVolume => new LowVolumeScenario(host, say),
        FailingModel => new LowVolumeScenario(host, say, modelFailsAfter: LowVolumeScenario.WeekFour),
        _ => new RolloutScenario(host, say),
    };
}
