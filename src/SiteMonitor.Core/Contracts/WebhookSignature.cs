using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Core.Contracts;

/// <summary>Signs and verifies the header <c>X-Hub-Signature-256</c>: <c>sha256=</c> and the HMAC-SHA256 of the body's raw bytes.</summary>
public static class WebhookSignature
{
    public const string HeaderName = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    /// <summary>Returns whether the header signs exactly these bytes, compared in constant time; never with an empty secret.</summary>
    public static bool Verify(string? secret, ReadOnlySpan<byte> body, string? header)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        if (string.IsNullOrEmpty(secret) || !TryParse(header, given))
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, expected);
        return CryptographicOperations.FixedTimeEquals(expected, given);
    }

    /// <summary>Reads the hash from the header; false when the header is missing or has another form.</summary>
    /// <param name="hash">Receives 32 bytes.</param>
    public static bool TryParse(string? header, Span<byte> hash) =>
        header is not null
        && header.StartsWith(Prefix, StringComparison.Ordinal)
        && header.Length - Prefix.Length == 2 * SHA256.HashSizeInBytes
        && Convert.FromHexString(header.AsSpan(Prefix.Length), hash, out _, out _) == System.Buffers.OperationStatus.Done;

    /// <summary>Returns the value of the header that GitHub would send for these bytes.</summary>
    public static string Sign(string secret, ReadOnlySpan<byte> body)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
    }
}

/// <summary>Response to a delivery: 202 with the instance that handles it, or 200 with the reason why nothing was started.</summary>
public sealed record WebhookResponse
{
    /// <summary>The id of the instance; null when nothing was started.</summary>
    public string? InstanceId { get; init; }

    public required string Reason { get; init; }
}
