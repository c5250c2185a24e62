namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>The scenario did not go as it should: the product, or the scenario, has a fault.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
