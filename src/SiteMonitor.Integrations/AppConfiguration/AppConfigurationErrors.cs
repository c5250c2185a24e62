using System.Globalization;
using Azure;
using Azure.Identity;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>Explains errors of App Configuration, without the service's text, which may quote keys.</summary>
internal static class AppConfigurationErrors
{
    public const string UnexpectedResponse =
        "the response does not come from App Configuration; check AppConfiguration:Endpoint, and whether a proxy responds instead.";

    public static string Describe(Exception failure, string action, TimeSpan timeout) => failure switch
    {
        _ when OutageDetector.GetRetryDelay(failure) is { } wait =>
            string.Create(CultureInfo.InvariantCulture, $"it is down; the next probe is sent in {Math.Ceiling(wait.TotalSeconds)} s."),
        RequestFailedException { Status: 401 } => "it does not accept the sign-in (401); check AppConfiguration:ConnectionString, " +
            "or the machine's clock (15 min are tolerated).",
        RequestFailedException { Status: 403 } => action == "write"
            ? "the identity may not write (403); give it the role App Configuration Data Owner, or set AppConfiguration:WriterClientId."
            : "the identity may not read (403); give it the role App Configuration Data Reader.",
        RequestFailedException { Status: 404 } => "it answers 404; check AppConfiguration:Endpoint.",
        RequestFailedException { Status: 409 } => "the flag is locked (409); unlock it in the portal.",
        RequestFailedException { Status: 412 } => "the flags changed while they were read (412); the next poll sees them.",
        RequestFailedException { Status: 429 } => "it is throttling (429); polling continues.",
        RequestFailedException { Status: > 0 } e => string.Create(CultureInfo.InvariantCulture, $"it answers {e.Status}."),
        RequestFailedException or AggregateException => "no connection; check the network and AppConfiguration:Endpoint.",
        AuthenticationFailedException => "no access token; check the app's managed identity.",
        OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.#} s."),
        _ => UnexpectedResponse,
    };
}
