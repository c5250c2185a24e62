using System.Globalization;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Runs;

/// <summary>Ids of durable instances other than an issue's own (<see cref="IssueRef.InstanceId"/>); at most 100 characters, none that Azure's tables forbid.</summary>
internal static class InstanceIds
{
    public static string DryRun(IssueRef issue, Guid guid) => InstanceIdLimit.Apply($"{DryRunPrefix(issue)}{guid:N}");

    public static bool IsDryRunOf(IssueRef issue, string instanceId)
    {
        string prefix = DryRunPrefix(issue);
        return instanceId.StartsWith(prefix.Length <= InstanceIdLimit.KeptLength ? prefix : prefix[..InstanceIdLimit.KeptLength], StringComparison.Ordinal);
    }

    public static string Redelivery(string deliveryId) => InstanceIdLimit.Apply($"redelivery:{Plain(deliveryId)}");

    public static string MergedPullRequest(RepositoryRef repository, int number) =>
        InstanceIdLimit.Apply(string.Create(CultureInfo.InvariantCulture, $"pr:{repository.Owner}:{repository.Name}:{number}").ToLowerInvariant());

    /// <summary>Delivery ids are GUIDs; whatever else comes, signed or not, must not make an id that the storage refuses.</summary>
    private static string Plain(string deliveryId) =>
        deliveryId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? deliveryId.ToLowerInvariant() : InstanceIdLimit.Hash(deliveryId);

    private static string DryRunPrefix(IssueRef issue) => $"dry:{issue.InstanceId}:";
}

/// <summary>Why a durable instance failed: some backends say it in the failure details, some in the output.</summary>
internal static class InstanceFailure
{
    public static string Of(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Failed => instance.FailureDetails?.ErrorMessage ?? instance.SerializedOutput ?? "It failed without a message: see the log.",
        OrchestrationRuntimeStatus.Terminated => "An operator has terminated it.",
        _ => string.Empty,
    };
}
