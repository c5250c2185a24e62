using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Octokit;

namespace SiteMonitor.Integrations.GitHub.SignIn;

/// <summary>
/// Creates the token that an App signs itself: RS256, valid for at most 10 minutes (docs.github.com, "Generating a JSON Web Token").
/// </summary>
internal static class AppJwt
{
    /// <summary>Issued a minute in the past, in case the clock is fast.</summary>
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(9);

    public static string Create(string appId, RSA key, DateTimeOffset now)
    {
        string claims = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"iat":{{(now - Backdate).ToUnixTimeSeconds()}},"exp":{{(now + Lifetime).ToUnixTimeSeconds()}},"iss":{{JsonSerializer.Serialize(appId)}}}""");
        string signed = $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims)}";
        byte[] signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

/// <summary>Signs in as the App itself, which may only read its registration and request installation tokens.</summary>
internal sealed class AppJwtCredentials(GitHubOptions options, TimeProvider time) : ICredentialStore
{
    public Task<Credentials> GetCredentials()
    {
        using RSA key = PrivateKeyPem.Import(options.PrivateKey);
        return Task.FromResult(new Credentials(AppJwt.Create(options.AppId, key, time.GetUtcNow()), AuthenticationType.Bearer));
    }
}
