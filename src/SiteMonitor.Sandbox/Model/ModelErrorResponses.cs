using System.Globalization;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Http;

namespace SiteMonitor.Sandbox.Model;

/// <summary>Creates the error responses of the model service.</summary>
internal static class ModelErrorResponses
{
    /// <summary>Returns the response of an injected fault; null if the fault does not change the status.</summary>
    public static SimulatedResponse? Of(FaultRule? fault) => fault?.Effect switch
    {
        FaultEffect.ServerError =>
            Error(500, "InternalServerError", "The server had an error while processing your request. Sorry about that!"),
        FaultEffect.BadGateway => SimulatedResponse.Text(502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>"),
        FaultEffect.Unavailable =>
            Error(503, "ServiceUnavailable", "The service is temporarily unable to process your request. Please try again later."),
        FaultEffect.TooManyRequests or FaultEffect.PrimaryLimit or FaultEffect.SecondaryLimit => TooMany(fault.RetryAfter ?? 1),
        FaultEffect.HtmlPage => FaultResponses.HtmlPage,
        FaultEffect.Garbage => SimulatedResponse.Text(200, "text/plain", "\u0000\u0001 not what you expected {[<"),
        FaultEffect.BadCredentials => Error(401, "401", "Access denied due to invalid subscription key or wrong API endpoint."),
        FaultEffect.NotFound => Error(404, "DeploymentNotFound", "The API deployment for this resource does not exist."),
        _ => null,
    };

    public static SimulatedResponse Error(int status, string code, string message) =>
        SimulatedResponse.Of(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }, status);

    public static SimulatedResponse Invalid(string message, string? parameter) => SimulatedResponse.Of(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = message,
                ["type"] = "invalid_request_error",
                ["param"] = parameter,
                ["code"] = null,
            },
        },
        400);

    /// <param name="code">Null where only the inner error names the filter.</param>
    public static SimulatedResponse Filtered(string? code = "content_filter") => SimulatedResponse.Of(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. "
                    + "Please modify your prompt and retry.",
                ["type"] = null,
                ["param"] = "prompt",
                ["code"] = code,
                ["status"] = 400,
                ["innererror"] = new JsonObject
                {
                    ["code"] = "ResponsibleAIPolicyViolation",
                    ["content_filter_result"] = new JsonObject
                    {
                        ["jailbreak"] = new JsonObject { ["filtered"] = true, ["detected"] = true },
                    },
                },
            },
        },
        400);

    public static SimulatedResponse InvalidPrompt() => SimulatedResponse.Of(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = "Invalid prompt: your prompt was flagged as potentially violating our usage policy. "
                    + "Please try again with a different prompt.",
                ["type"] = "invalid_request_error",
                ["param"] = null,
                ["code"] = "invalid_prompt",
            },
        },
        400);

    private static SimulatedResponse TooMany(int seconds)
    {
        string wait = seconds.ToString(CultureInfo.InvariantCulture);
        return Error(
            429, "429",
            $"Requests to the ChatCompletions_Create Operation have exceeded call rate limit of your current pricing tier. "
            + $"Please retry after {wait} seconds.") with
        {
            Headers = new Dictionary<string, string> { ["retry-after"] = wait, ["retry-after-ms"] = (seconds * 1000).ToString(
                CultureInfo.InvariantCulture) },
        };
    }
}
