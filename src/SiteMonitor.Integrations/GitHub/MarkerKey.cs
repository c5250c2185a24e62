using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Integrations.GitHub;

/// <summary>The key of the marker that makes our section in an issue's body known as ours.</summary>
public static class MarkerKey
{
    private const int Length = 32;

    /// <summary>
    /// 32 bytes, by HKDF-SHA256 from <see cref="GitHubOptions.MarkerKey"/>, or from the webhook secret where none is set.
    /// </summary>
    public static byte[] From(GitHubOptions options)
    {
        string source = options.MarkerKey.Length > 0 ? options.MarkerKey : options.WebhookSecret;
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(source), Length, info: "sitemonitor/marker/v1"u8.ToArray());
    }
}
