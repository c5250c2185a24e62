using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Core.Contracts;

/// <summary>The header <c>X-Hub-Signature-256</c>: <c>sha256=</c> and the hexadecimal HMAC-SHA256 of the raw bytes of the request's body.</summary>
public static class WebhookSignature
{
    public const string HeaderName = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    /// <summary>Whether the header signs exactly these bytes; compared in constant time. An empty secret verifies nothing.</summary>
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

    /// <summary>The header's value for these bytes, as GitHub would send it.</summary>
    public static string Sign(string secret, ReadOnlySpan<byte> body)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
    }
}

/// <summary>Answer to a delivery: 202 with the instance that takes care of it, or 200 with the reason why nothing was started.</summary>
public sealed record WebhookResponse
{
    /// <summary>Null when nothing was started.</summary>
    public string? InstanceId { get; init; }

    public required string Reason { get; init; }
}
