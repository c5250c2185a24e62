using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

internal sealed record LabelNode(SimulatedRepository Repository, SimulatedLabel Label)
{
    public static IEnumerable<LabelNode> Of(SimulatedRepository repository, SimulatedIssue issue) =>
        issue.Labels.Select(repository.FindLabel).OfType<SimulatedLabel>().Select(l => new LabelNode(repository, l));
}
