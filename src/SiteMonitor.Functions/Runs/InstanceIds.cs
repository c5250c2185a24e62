using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Runs;

/// <summary>Ids of durable instances other than an issue's own (<see cref="IssueRef.InstanceId"/>); at most 100 characters, none that Azure's tables forbid.</summary>
internal static class InstanceIds
{
    private const int MaxLength = 100;

    /// <summary>What is left of a longer id; a hash of the whole follows.</summary>
    private const int KeptLength = 75;

    public static string DryRun(IssueRef issue, Guid guid) => Bounded($"{DryRunPrefix(issue)}{guid:N}");

    public static bool IsDryRunOf(IssueRef issue, string instanceId)
    {
        string prefix = DryRunPrefix(issue);
        return instanceId.StartsWith(prefix.Length <= KeptLength ? prefix : prefix[..KeptLength], StringComparison.Ordinal);
    }

    public static string Redelivery(string deliveryId) => Bounded($"redelivery:{Plain(deliveryId)}");

    public static string MergedPullRequest(RepositoryRef repository, int number) =>
        Bounded(string.Create(CultureInfo.InvariantCulture, $"pr:{repository.Owner}:{repository.Name}:{number}").ToLowerInvariant());

    /// <summary>Delivery ids are GUIDs; whatever else comes, signed or not, must not make an id that the storage refuses.</summary>
    private static string Plain(string deliveryId) =>
        deliveryId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? deliveryId.ToLowerInvariant() : Hash(deliveryId);

    private static string DryRunPrefix(IssueRef issue) => $"dry:{issue.InstanceId}:";

    private static string Bounded(string id) => id.Length <= MaxLength ? id : $"{id[..KeptLength]}~{Hash(id)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..20];
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
