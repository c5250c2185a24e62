using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Starting;

/// <summary>Ids of durable instances other than an issue's own (<see cref="IssueRef.InstanceId"/>); at most 100 characters, none that Azure's tables forbid.</summary>
internal static class InstanceIds
{
    private const int MaxLength = 100;

    public static string DryRun(IssueRef issue, Guid guid) => Bounded($"dry:{issue.InstanceId}:{guid:N}");

    public static string Redelivery(string deliveryId) => Bounded($"redelivery:{Plain(deliveryId)}");

    public static string MergedPullRequest(RepositoryRef repository, int number) =>
        Bounded(string.Create(CultureInfo.InvariantCulture, $"pr:{repository.Owner}:{repository.Name}:{number}").ToLowerInvariant());

    /// <summary>Delivery ids are GUIDs; whatever else comes, signed or not, must not make an id that the storage refuses.</summary>
    private static string Plain(string deliveryId) =>
        deliveryId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? deliveryId.ToLowerInvariant() : Hash(deliveryId);

    private static string Bounded(string id) => id.Length <= MaxLength ? id : $"{id[..75]}~{Hash(id)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..20];
}
