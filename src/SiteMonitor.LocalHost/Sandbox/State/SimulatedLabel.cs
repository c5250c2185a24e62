namespace SiteMonitor.LocalHost.Sandbox.State;

internal sealed record SimulatedLabel(long Id, string Name, string Color, string Description)
{
    public string NodeIdIn(SimulatedRepository repository) => NodeId.Of("LA_kwDO", $"{repository.Id}:{Id}");
}
