namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>
/// What GitHub writes when a secondary limit is hit, whatever status or type it comes with: over GraphQL the limit on creating content is an <c>UNPROCESSABLE</c> answer of
/// status 200, and the others may have no type at all.
/// </summary>
internal static class SecondaryRateLimitMessage
{
    private static readonly string[] Phrases = ["submitted too quickly", "secondary rate limit", "abuse detection"];

    public static bool Matches(string? message) => message is not null && Phrases.Any(phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
