using System.Globalization;
using System.Text.Json.Nodes;

namespace SiteMonitor.Sandbox.Http;

/// <summary>Creates GitHub's responses for exceeded rate limits.</summary>
internal static class RateLimitResponses
{
    private const string SecondaryMessage =
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
        + "If you reach out to GitHub Support for help, please include the request ID.";

    private const string TooQuicklyMessage = "was submitted too quickly";

    private const string SecondaryDocumentation =
        "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits";

    public static SimulatedResponse Primary(bool graph, long account) => graph
        ? SimulatedResponse.Of(new JsonObject
        {
            ["errors"] = new JsonArray(
                new JsonObject { ["type"] = "RATE_LIMITED", ["message"] = $"API rate limit exceeded for user ID {account}." }),
        }) with
        { HasGraphErrors = true }
        : SimulatedResponse.Error(
            403, $"API rate limit exceeded for user ID {account}.",
            "https://docs.github.com/rest/overview/resources-in-the-rest-api#rate-limiting");

    /// <summary>The content creation limit, without a time to wait.</summary>
    public static SimulatedResponse SubmittedTooQuickly(bool graph) => graph
        ? Errors(new JsonObject { ["type"] = "UNPROCESSABLE", ["message"] = TooQuicklyMessage })
        : SimulatedResponse.Of(
            new JsonObject { ["message"] = "Validation Failed", ["errors"] = new JsonArray(TooQuicklyMessage), ["status"] = "422" }, 422);

    /// <summary>A GraphQL secondary limit, without an error type.</summary>
    public static SimulatedResponse Untyped() => Errors(new JsonObject { ["message"] = SecondaryMessage });

    /// <param name="status">403 or 429.</param>
    /// <param name="wait">Value of <c>retry-after</c>, rounded up to whole seconds, at least one; null leaves it out.</param>
    public static SimulatedResponse Secondary(int status, TimeSpan? wait) =>
        SimulatedResponse.Error(status, SecondaryMessage, SecondaryDocumentation) with
    {
            Headers = wait is { } time
                ? new Dictionary<string, string>
                {
                    ["retry-after"] = Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
                }
                : [],
    };

    /// <summary>Seconds since 1970, rounded up, so that a caller that waits until then is never too early.</summary>
    public static string Epoch(DateTimeOffset time) =>
        (time.ToUnixTimeSeconds() + (time.Ticks % TimeSpan.TicksPerSecond == 0 ? 0 : 1)).ToString(CultureInfo.InvariantCulture);

    private static SimulatedResponse Errors(JsonObject error) =>
        SimulatedResponse.Of(new JsonObject { ["data"] = null, ["errors"] = new JsonArray(error) }) with { HasGraphErrors = true };
}
