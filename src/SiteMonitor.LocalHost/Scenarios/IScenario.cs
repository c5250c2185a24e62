namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>A rollout that is played on the simulated clock.</summary>
internal interface IScenario
{
    /// <summary>Issues opened so far, the plan's test issues not counted.</summary>
    int Issues { get; }

    /// <exception cref="ScenarioException">It did not go as expected.</exception>
    Task RunAsync(CancellationToken cancellationToken);
}
