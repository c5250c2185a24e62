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
        if (string.IsNullOrEmpty(secret) || header is null || !header.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        ReadOnlySpan<char> digits = header.AsSpan(Prefix.Length);
        if (digits.Length != 2 * given.Length || Convert.FromHexString(digits, given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, expected);
        return CryptographicOperations.FixedTimeEquals(expected, given);
    }

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
