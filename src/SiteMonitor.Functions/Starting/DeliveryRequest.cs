using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Functions.Starting;

/// <summary>What a delivery asks for.</summary>
public abstract record DeliveryRequest
{
    private DeliveryRequest()
    {
    }

    public sealed record Ignored(string Reason) : DeliveryRequest;

    public sealed record Run(IssueRef Issue, WorkKind Work) : DeliveryRequest;

    public sealed record Merge(RepositoryRef Repository, int PullRequest) : DeliveryRequest;
}
