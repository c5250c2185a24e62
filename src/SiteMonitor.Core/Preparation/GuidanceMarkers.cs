using System.Security.Cryptography;
using System.Text;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Computes the markers by which our section of a body and our comments are recognized. They contain a keyed hash (HMAC-SHA256) of
/// the issue and the purpose, so that one that a stranger writes, or copies from another issue, is only text. All instances must use
/// the same key; what was written under another key is treated as text.
/// </summary>
public sealed class GuidanceMarkers
{
    /// <summary>Minimum length of the secret, in characters.</summary>
    public const int MinimumSecretLength = 8;

    private const int TagBytes = 16;
    private readonly byte[] _key;

    /// <summary>Derives the key from a secret of the installation.</summary>
    public GuidanceMarkers(string secret)
    {
        if (secret.Trim().Length < MinimumSecretLength)
        {
            throw new ArgumentException($"The secret for the marks needs at least {MinimumSecretLength} characters.", nameof(secret));
        }

        _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "sitemonitor marks v1"u8);
    }

    /// <summary>Returns the tag of an issue and a purpose, which only this installation can compute: 32 hexadecimal digits.</summary>
    internal string ComputeTag(IssueRef issue, string purpose) => Hash($"tag\n{purpose}\n{issue.Canonical}");

    /// <summary>Returns the tag of a section's content, which tells an untouched section from an edited one.</summary>
    internal string ComputeContentTag(IssueRef issue, string content) => Hash($"seal\n{issue.Canonical}\n{content}");

    internal static bool AreEqual(ReadOnlySpan<char> found, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(found),
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.AsSpan()));

    private string Hash(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)).AsSpan(0, TagBytes));
}
