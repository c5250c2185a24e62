using System.Globalization;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Runs;

/// <summary>Creates the ids of durable instances other than an issue's own (<see cref="IssueRef.InstanceId"/>).</summary>
internal static class InstanceIds
{
    public static string DryRun(IssueRef issue, Guid guid) => InstanceIdLimit.Apply($"{GetDryRunPrefix(issue)}{guid:N}");

    public static bool IsDryRunOf(IssueRef issue, string instanceId)
    {
        string prefix = GetDryRunPrefix(issue);
        return instanceId.StartsWith(prefix[..Math.Min(prefix.Length, InstanceIdLimit.KeptLength)], StringComparison.Ordinal);
    }

    /// <summary>Delivery ids are GUIDs. Anything else is hashed, because storage forbids some characters in an id.</summary>
    public static string Redelivery(string deliveryId) => OfDelivery("redelivery", deliveryId);

    public static string Outcome(string deliveryId) => OfDelivery("outcome", deliveryId);

    private static string OfDelivery(string kind, string deliveryId)
    {
        bool isAllowed = deliveryId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        return InstanceIdLimit.Apply($"{kind}:{(isAllowed ? deliveryId.ToLowerInvariant() : InstanceIdLimit.Hash(deliveryId))}");
    }

    public static string MergedPullRequest(RepositoryRef repository, int number) => InstanceIdLimit.Apply(
        string.Create(CultureInfo.InvariantCulture, $"pr:{repository.Owner}:{repository.Name}:{number}").ToLowerInvariant());

    private static string GetDryRunPrefix(IssueRef issue) => $"dry:{issue.InstanceId}:";
}

internal static class InstanceFailure
{
    /// <summary>
    /// Returns why an instance failed, or an empty text. Some storage providers keep the reason in the failure details, some in the
    /// output.
    /// </summary>
    public static string GetReason(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Failed =>
            instance.FailureDetails?.ErrorMessage ?? instance.SerializedOutput ?? "It failed without a message: see the log.",
        OrchestrationRuntimeStatus.Terminated => "An operator terminated it.",
        _ => string.Empty,
    };
}
