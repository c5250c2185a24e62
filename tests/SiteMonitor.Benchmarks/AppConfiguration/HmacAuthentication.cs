using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>
/// Checks the signature made with a connection string's secret. Signatures use the system clock even if time is simulated.
/// </summary>
internal sealed class HmacAuthentication(string id, ReadOnlyMemory<byte> secret, TimeProvider clock)
{
    private const string Scheme = "HMAC-SHA256";

    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(15);

    /// <returns>Null if the signature is valid, else the value of <c>WWW-Authenticate</c>.</returns>
    public string? Challenge(HttpRequest request, string rawTarget, ReadOnlySpan<byte> body)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme + " ", StringComparison.Ordinal))
        {
            return $"{Scheme}, Bearer";
        }

        Dictionary<string, string> parts = header[(Scheme.Length + 1)..].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First()[1], StringComparer.Ordinal);
        string wrong = Wrong(request, rawTarget, body, parts);
        return wrong.Length == 0 ? null : $"{Scheme} error=\"invalid_token\" error_description=\"{wrong}\"";
    }

    private string Wrong(HttpRequest request, string rawTarget, ReadOnlySpan<byte> body, Dictionary<string, string> parts)
    {
        if (!parts.TryGetValue("Credential", out string? credential)
            || !parts.TryGetValue("SignedHeaders", out string? signed)
            || !parts.TryGetValue("Signature", out string? signature))
        {
            return "[Credential][SignedHeaders][Signature] is required";
        }

        string[] names = signed.Split(';');
        string date = names.Contains("x-ms-date", StringComparer.OrdinalIgnoreCase) ? "x-ms-date" : "date";
        string? missing = new[] { date, "host", "x-ms-content-sha256" }.FirstOrDefault(
            n => !names.Contains(n, StringComparer.OrdinalIgnoreCase));
        return missing is not null ? $"{missing} is required as a signed header"
            : names.FirstOrDefault(n => request.Headers[n].Count == 0) is { } absent ? $"Signed request header '{absent}' is not provided"
            : credential != id ? "Invalid Credential"
            : !DateTimeOffset.TryParseExact(
                request.Headers[date], "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out DateTimeOffset sent) ? "Invalid access token date"
            : (clock.GetUtcNow() - sent).Duration() > MaxClockSkew ? "The access token has expired"
            : request.Headers["x-ms-content-sha256"] != Convert.ToBase64String(SHA256.HashData(body)) ? "Invalid request content hash"
            : !IsSignature(
                signature,
                $"{request.Method}\n{rawTarget}\n{string.Join(';', names.Select(n => request.Headers[n].ToString()))}") ? "Invalid Signature"
            : string.Empty;
    }

    private bool IsSignature(string signature, string signed)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, given, out int length)
            && CryptographicOperations.FixedTimeEquals(given[..length], HMACSHA256.HashData(secret.Span, Encoding.ASCII.GetBytes(signed)));
    }
}
