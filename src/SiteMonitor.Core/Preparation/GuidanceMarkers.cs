using System.Security.Cryptography;
using System.Text;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// The marks by which we know our own section of a body and our own comments again. They carry a keyed hash (HMAC-SHA256) of the issue and the kind of mark,
/// so that a mark a stranger writes, or copies from another issue, is only text. All instances must use the same key; with a new key, what was written under the old one becomes text.
/// </summary>
public sealed class GuidanceMarkers
{
    /// <summary>Shorter secrets are refused, in characters.</summary>
    public const int MinimumSecretLength = 8;

    private const int TagBytes = 16;
    private readonly byte[] _key;

    /// <param name="secret">Any secret of the installation; the key is derived from it for this purpose only.</param>
    public GuidanceMarkers(string secret)
    {
        if (secret.Trim().Length < MinimumSecretLength)
        {
            throw new ArgumentException($"The secret for the marks needs at least {MinimumSecretLength} characters.", nameof(secret));
        }

        _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "sitemonitor marks v1"u8);
    }

    /// <summary>A tag that only this installation can make for this issue and purpose: 32 hexadecimal digits.</summary>
    internal string ComputeTag(IssueRef issue, string purpose) => Hash($"tag\n{purpose}\n{issue.Canonical}");

    /// <summary>A tag over a content, which tells an untouched section from an edited one.</summary>
    internal string ComputeSeal(IssueRef issue, string content) => Hash($"seal\n{issue.Canonical}\n{content}");

    internal static bool AreEqual(ReadOnlySpan<char> found, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(found),
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.AsSpan()));

    private string Hash(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)).AsSpan(0, TagBytes));
}
