using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Integrations.GitHub;

/// <summary>Derives the key of the markers by which we recognize our section of an issue's body.</summary>
public static class MarkerKey
{
    private const int Length = 32;

    /// <summary>Derives 32 bytes by HKDF-SHA256 from <see cref="GitHubOptions.MarkerKey"/> or else the webhook secret.</summary>
    public static byte[] From(GitHubOptions options)
    {
        string source = options.MarkerKey.Length > 0 ? options.MarkerKey : options.WebhookSecret;
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(source), Length, info: "sitemonitor/marker/v1"u8.ToArray());
    }
}
