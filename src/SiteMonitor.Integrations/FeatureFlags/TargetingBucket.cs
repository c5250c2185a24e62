using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Computes an issue's position between 0 and 100 as the targeting filter of Microsoft.FeatureManagement does.</summary>
internal static class TargetingBucket
{
    /// <param name="user">The canonical issue, lower case.</param>
    /// <param name="flag">The flag's name: each flag has its own buckets.</param>
    /// <param name="group">The repository, for a group's own percentage; null for the default one.</param>
    public static double Compute(string user, string flag, string? group = null)
    {
        string id = group is null ? $"{user}\n{flag}" : $"{user}\n{flag}\n{group}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue * 100;
    }

    /// <summary>Returns whether the bucket is within the percentage; 100 includes everything.</summary>
    public static bool IsIn(double bucket, double percentage) => percentage >= 100 || bucket < percentage;
}
