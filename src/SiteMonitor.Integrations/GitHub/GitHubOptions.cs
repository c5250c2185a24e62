using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.GitHub;

/// <summary>The settings <c>GitHub:…</c>. Sign-in is either <see cref="Token"/> or the App's three settings.</summary>
public sealed class GitHubOptions : BoundSettings
{
    public const string Section = "GitHub";

    /// <summary>
    /// <c>https://api.github.com/</c>, or the address of a GitHub Enterprise Server (REST is then at <c>api/v3/</c>, GraphQL at
    /// <c>api/graphql</c>).
    /// </summary>
    public string ApiBaseUrl { get; set; } = "https://api.github.com/";

    /// <summary>A token that reads and writes issues.</summary>
    public string Token { get; set; } = string.Empty;

    /// <summary>
    /// A user's token with a Copilot seat: GitHub refuses installation tokens for assigning the coding agent. Empty: <see cref="Token"/>,
    /// when that is a user's.
    /// </summary>
    public string CopilotToken { get; set; } = string.Empty;

    /// <summary>The GitHub App's id or client id.</summary>
    public string AppId { get; set; } = string.Empty;

    /// <summary>The App's private key, PEM; line ends may be written as <c>\n</c>.</summary>
    public string PrivateKey { get; set; } = string.Empty;

    /// <summary>The App's installation id.</summary>
    public string InstallationId { get; set; } = string.Empty;

    /// <summary>The secret GitHub signs deliveries with; required: without it nothing can be trusted.</summary>
    public string WebhookSecret { get; set; } = string.Empty;

    /// <summary>
    /// The key that marks our section in an issue's body; at least 16 characters. Derived from the webhook secret when empty: set it before
    /// you change that secret.
    /// </summary>
    public string MarkerKey { get; set; } = string.Empty;

    /// <summary>The repositories batches and timers work on, each <c>owner/name</c>; as a list or separated by commas.</summary>
    public string[] Repositories { get; set; } = [];

    /// <summary>Least time between two writes of one credential. Default 1 s, as GitHub's best practices ask.</summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A request that would have to wait longer than this for its turn is answered as rate-limited at once. Default 10 s.
    /// </summary>
    public TimeSpan MaxQueueWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For one try of one request, its answer's body included. Default 20 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Further tries of a read at once, after a broken connection or 502, 503, 504. Default 2.</summary>
    public int ReadRetries { get; set; } = 2;

    /// <summary>Requests under way at once for each credential; GitHub allows 100. Default 20.</summary>
    public int MaxConcurrentRequests { get; set; } = 20;

    public GitHubLimits Limits { get; set; } = new();

    /// <summary>Whether sign-in is by App.</summary>
    public bool UsesApp => AppId.Length + PrivateKey.Length + InstallationId.Length > 0;

    /// <summary>The token that assigns Copilot; empty when none of the settings holds a user's token.</summary>
    internal string EffectiveCopilotToken =>
        CopilotToken.Length > 0 ? CopilotToken : UsesApp || IsInstallationToken(Token) ? string.Empty : Token;

    /// <summary>What is probably a mistake and yet stops no start.</summary>
    public IEnumerable<(string Detail, string Advice)> GetWarnings()
    {
        if (IsQuoted(WebhookSecret))
        {
            yield return (
                "GitHub:WebhookSecret begins and ends with quotes: every delivery is refused unless GitHub's secret has them too.",
                "Remove the quotes, here and at the webhook.");
        }

        if (IsQuoted(MarkerKey))
        {
            yield return ("GitHub:MarkerKey begins and ends with quotes.", "Remove them unless sections were written with this key.");
        }
    }

    private static bool IsQuoted(string value) => value is ['"', .., '"'] or ['\'', .., '\''] or ['`', .., '`'] or ['“', .., '”'];

    /// <summary>By the prefix GitHub gives such tokens.</summary>
    internal static bool IsInstallationToken(string token) => token.StartsWith("ghs_", StringComparison.Ordinal);
}

/// <summary>
/// GitHub's published limits for one credential (docs.github.com, "Rate limits for the REST API" and "… the GraphQL API"); we stay below
/// them.
/// </summary>
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

    /// <summary>
    /// How many seconds of these windows pass in one second: 1 at GitHub, more against a simulated GitHub whose windows pass faster.
    /// </summary>
    public double TimeScale { get; set; } = 1;
}
