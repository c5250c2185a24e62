using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;
using SiteMonitor.Sandbox.Webhooks;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Authenticates the GitHub App: its own signed token (RS256, at most ten minutes) buys an installation token.</summary>
internal sealed class AppEndpoints(
    SandboxCredentials credentials, GitHubTokens signIn, GitHubJson json, Func<Uri?> webhook, TimeProvider time)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/app/installations/{installation}/access_tokens", "app") { SignIn = (http, _) => CreateToken(http) },
        new("GET", "/app", "app") { SignIn = (http, _) => Refusal(http) ?? SimulatedResponse.Of(App()) },
        new("GET", "/app/installations/{installation}", "app")
        {
            SignIn = (http, _) => Refusal(http) ?? OfInstallation(http, Installation),
        },
        new("GET", "/app/hook/config", "app") { SignIn = (http, _) => Refusal(http) ?? SimulatedResponse.Of(HookJson.Config(webhook())) },
    ];

    private static JsonObject Permissions => new() { ["issues"] = "write", ["metadata"] = "read", ["pull_requests"] = "read" };

    private SimulatedResponse CreateToken(HttpContext http) => Refusal(http) ?? OfInstallation(http, NewToken);

    private SimulatedResponse OfInstallation(HttpContext http, Func<SimulatedResponse> answer) =>
        (string?)http.Request.RouteValues["installation"] == credentials.InstallationId.ToString(CultureInfo.InvariantCulture)
            ? answer()
            : SimulatedResponse.Error(404, "Not Found");

    private SimulatedResponse NewToken()
    {
        (string token, DateTimeOffset expires) = signIn.NewInstallationToken();
        return SimulatedResponse.Of(
            new JsonObject
            {
                ["token"] = token,
                ["expires_at"] = GitHubJson.Time(expires),
                ["permissions"] = Permissions,
                ["repository_selection"] = "all",
            },
            201);
    }

    private SimulatedResponse Installation() => SimulatedResponse.Of(new JsonObject
    {
        ["id"] = credentials.InstallationId,
        ["app_id"] = credentials.AppId,
        ["account"] = json.User(Accounts.Owner),
        ["permissions"] = Permissions,
        ["events"] = new JsonArray("issues", "pull_request"),
        ["repository_selection"] = "all",
    });

    private JsonObject App() => new()
    {
        ["id"] = credentials.AppId,
        ["slug"] = Accounts.App.Replace("[bot]", "", StringComparison.Ordinal),
        ["node_id"] = "A_kwHOAA",
        ["owner"] = json.User(Accounts.Owner),
        ["name"] = "SiteMonitor",
    };

    private SimulatedResponse? Refusal(HttpContext http)
    {
        string[] parts = GitHubTokens.TokenOf(http.Request)?.Split('.') ?? [];
        if (parts.Length != 3
            || Decode(parts[0]) is not { } header
            || Decode(parts[1]) is not { } claims
            || (string?)header["alg"] != "RS256"
            || !IsSigned(parts))
        {
            return SimulatedResponse.Error(401, "A JSON web token could not be decoded");
        }

        if (claims["iss"]?.ToString() != credentials.AppId.ToString(CultureInfo.InvariantCulture))
        {
            return SimulatedResponse.Error(404, "Integration not found");
        }

        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (claims["exp"] is not JsonValue exp || !exp.TryGetValue(out long expires) || expires <= now)
        {
            return SimulatedResponse.Error(
                401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
        }

        if (expires > now + (long)LongestLife.TotalSeconds)
        {
            return SimulatedResponse.Error(401, "'Expiration time' claim ('exp') is too far in the future");
        }

        return claims["iat"] is JsonValue iat && iat.TryGetValue(out long issued) && issued <= now
            ? null
            : SimulatedResponse.Error(
                401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
    }

    private bool IsSigned(string[] parts)
    {
        if (credentials.AppPublicKey is null)
        {
            return parts[2].Length > 0;
        }

        using RSA key = RSA.Create();
        key.ImportFromPem(credentials.AppPublicKey);
        return Base64Url.IsValid(parts[2])
            && key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url
                    .DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static JsonObject? Decode(string part)
    {
        try
        {
            return Base64Url.IsValid(part) ? JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
