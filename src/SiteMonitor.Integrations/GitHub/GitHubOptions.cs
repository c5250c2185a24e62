using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.GitHub;

/// <summary>The settings <c>GitHub:…</c>. Sign-in is either <see cref="Token"/> or the App's three settings.</summary>
public sealed class GitHubOptions : BoundSettings
{
    public const string Section = "GitHub";

    /// <summary><c>https://api.github.com/</c>, or the address of a GitHub Enterprise Server.</summary>
    public string ApiBaseUrl { get; set; } = "https://api.github.com/";

    /// <summary>A token that reads and writes issues.</summary>
    public string Token { get; set; } = string.Empty;

    /// <summary>Token of a user with a Copilot seat, to assign the agent. If empty, <see cref="Token"/>, if a user's.</summary>
    public string CopilotToken { get; set; } = string.Empty;

    /// <summary>The GitHub App's id or client id.</summary>
    public string AppId { get; set; } = string.Empty;

    /// <summary>The App's private key, PEM; line ends may be written as <c>\n</c>.</summary>
    public string PrivateKey { get; set; } = string.Empty;

    /// <summary>The App's installation id.</summary>
    public string InstallationId { get; set; } = string.Empty;

    /// <summary>The secret with which GitHub signs deliveries. Required.</summary>
    public string WebhookSecret { get; set; } = string.Empty;

    /// <summary>Key of our markers in bodies and comments, at least 16 characters. If empty, derived from the webhook secret.</summary>
    public string MarkerKey { get; set; } = string.Empty;

    /// <summary>The repositories to work on, each <c>owner/name</c>; as a list or separated by commas.</summary>
    public string[] Repositories { get; set; } = [];

    /// <summary>Minimum time between two writes of one credential. Default 1 s, as GitHub's best practices ask.</summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for a turn; a request that would wait longer is reported as rate-limited at once. Default 10 s.</summary>
    public TimeSpan MaxQueueWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time-out of one attempt of one request, including the response body. Default 20 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Immediate retries of a read after a broken connection or 502, 503, 504. Default 2.</summary>
    public int ReadRetries { get; set; } = 2;

    /// <summary>Maximum concurrent requests of each credential; GitHub allows 100. Default 20.</summary>
    public int MaxConcurrentRequests { get; set; } = 20;

    /// <summary>
    /// Maximum number of processes that use the credentials. Each uses 1/MaxInstances of the limits while the shared record is unreadable.
    /// </summary>
    public int MaxInstances { get; set; } = 1;

    public GitHubLimits Limits { get; set; } = new();

    /// <summary>Whether sign-in is by App.</summary>
    public bool UsesApp => AppId.Length + PrivateKey.Length + InstallationId.Length > 0;

    /// <summary>The token that assigns Copilot; empty when none of the settings holds a user's token.</summary>
    internal string EffectiveCopilotToken =>
        CopilotToken.Length > 0 ? CopilotToken : UsesApp || IsInstallationToken(Token) ? string.Empty : Token;

    /// <summary>Probable mistakes that do not prevent the start.</summary>
    public IEnumerable<(string Detail, string Advice)> GetWarnings()
    {
        if (PastedText.FindFault(WebhookSecret) is { } fault)
        {
            yield return (
                $"GitHub:WebhookSecret {fault}: every delivery is refused unless GitHub's secret has the same.",
                "Remove them, here and at the webhook.");
        }

        if (PastedText.FindFault(MarkerKey) is { } keyFault)
        {
            yield return ($"GitHub:MarkerKey {keyFault}.", "Remove them unless sections were written with this key.");
        }
    }

    /// <summary>Recognized by the prefix of such tokens.</summary>
    internal static bool IsInstallationToken(string token) => token.StartsWith("ghs_", StringComparison.Ordinal);
}

/// <summary>GitHub's limits for one credential (docs.github.com, "Rate limits for the REST API" and "… the GraphQL API").</summary>
public sealed class GitHubLimits
{
    /// <summary>Requests that create content, in a minute. GitHub: 80.</summary>
    public int ContentPerMinute { get; set; } = 80;

    /// <summary>Requests that create content, in an hour. GitHub: 500.</summary>
    public int ContentPerHour { get; set; } = 500;

    /// <summary>Points in a minute; a read counts 1, a write 5. GitHub: 900.</summary>
    public int PointsPerMinute { get; set; } = 900;

    /// <summary>Requests in an hour. GitHub: 5,000.</summary>
    public int RequestsPerHour { get; set; } = 5000;

    /// <summary>Speed of the limits' time windows: 1 at GitHub, more for a simulated GitHub whose windows pass faster.</summary>
    public double TimeScale { get; set; } = 1;
}
