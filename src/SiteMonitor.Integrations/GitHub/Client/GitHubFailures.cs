using System.Net;
using Octokit;
using Polly.CircuitBreaker;
using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;

namespace SiteMonitor.Integrations.GitHub.Client;

/// <summary>Converts exceptions of Octokit and the network to our own, without GitHub's text, which may quote an issue.</summary>
internal static class GitHubFailures
{
    /// <summary>Code for what GitHub does not have, or hides from the credential.</summary>
    public const string NotFoundCode = "github-not-found";

    /// <param name="what">What was tried, on what: <c>reading octo-org/site#7</c>.</param>
    /// <param name="setting">The setting that holds the credential.</param>
    public static PipelineException From(Exception exception, string what, string setting) => exception switch
    {
        PipelineException ours => ours,
        ApiException answer => FromStatus(answer.StatusCode, what, setting),
        HttpRequestException broken =>
            new TransientFailureException("github-unreachable", $"No connection to GitHub while {what} ({broken.HttpRequestError})."),
        BrokenCircuitException => new TransientFailureException(
            "github-server-error", $"GitHub did not answer, or answered 5xx, while {what}; it gets no further request for a second."),
        OperationCanceledException => new TransientFailureException("github-timeout", $"GitHub did not answer in time while {what}."),
        _ => new TransientFailureException("github-garbled-answer",
            $"GitHub's answer could not be read while {what} ({exception.GetType().Name})."),
    };

    public static PermanentFailureException NotFound(string what, string setting) => new(
        NotFoundCode, $"GitHub does not have it, or hides it from the credential in {setting} ({what}): " +
            "check the name and number, and the credential's access to the repository.");

    /// <summary>Returns the permissions that a credential needs, as advice.</summary>
    public static string RightsOf(string setting) => setting == GitHubConnections.CopilotTokenSetting
        ? "give its user write access to the repository; a fine-grained token needs read and write access to actions, contents, " +
            "issues and pull requests, a classic one the scope 'repo'."
        : "give it read and write access to issues of the repository.";

    private static PipelineException FromStatus(HttpStatusCode status, string what, string setting) => (int)status switch
    {
        401 => new PermanentFailureException("github-unauthorized",
            $"GitHub refused the credential in {setting} while {what}: it is invalid, expired or revoked; set a valid one."),
        403 => new PermanentFailureException("github-forbidden",
            $"The credential in {setting} may not do this (status 403, {what}): {RightsOf(setting)}"),
        404 => NotFound(what, setting),
        410 => new PermanentFailureException("github-gone",
            $"It was deleted, or issues are switched off in the repository (status 410, {what})."),
        422 => new PermanentFailureException("github-unprocessable", $"GitHub found the request invalid (status 422, {what})."),
        451 => new PermanentFailureException("github-blocked", $"GitHub blocks it for legal reasons (status 451, {what})."),
        408 or 409 or >= 500 => new TransientFailureException("github-server-error", $"GitHub answered {(int)status} while {what}."),
        _ => new PermanentFailureException("github-refused", $"GitHub refused the request (status {(int)status}, {what})."),
    };
}

/// <summary>Converts the <c>errors</c> of a GraphQL response. They come with status 200, and some mutations may have been done.</summary>
internal static class GraphFailures
{
    /// <summary>Whether the error is the hourly limit, which affects GraphQL only.</summary>
    public static bool IsPrimaryLimit(GraphError error) => error.Type is "RATE_LIMITED" or "RATE_LIMIT" && !IsSecondaryLimit(error);

    /// <summary>Whether the error is a limit that affects all requests of the credential.</summary>
    public static bool IsSecondaryLimit(GraphError error) => SecondaryRateLimitMessage.Matches(error.Message);

    /// <summary>Whether GitHub could not process the request, rather than refused it.</summary>
    public static bool IsOfServer(GraphError error) =>
        error.Type is null or "SERVICE_UNAVAILABLE" or "INTERNAL" or "INTERNAL_ERROR" or "TIMEOUT" or "STALE_DATA";

    /// <summary>Whether the server's schema lacks a field that we ask for.</summary>
    public static bool LacksField(GraphError error, string field) =>
        error.Extensions is { Code: "undefinedField" } details && details.FieldName == field;

    public static PipelineException From(IReadOnlyList<GraphError> errors, string what, string setting)
    {
        // The first permanent one decides: another try would meet it again.
        PipelineException[] failures = [.. errors.Select(error => FromOne(error, what, setting))];
        return failures.FirstOrDefault(f => f is PermanentFailureException) ?? failures[0];
    }

    private static PipelineException FromOne(GraphError error, string what, string setting) => error switch
    {
        { Type: "NOT_FOUND" } => GitHubFailures.NotFound(what, setting),
        { Type: "FORBIDDEN" or "INSUFFICIENT_SCOPES" } => new PermanentFailureException(
            "github-forbidden",
            $"The credential in {setting} may not do this ({error.Type}{At(error)}, {what}): {GitHubFailures.RightsOf(setting)}"),
        { Type: "UNPROCESSABLE" or "INVALID_CURSOR_ARGUMENTS" } =>
            new PermanentFailureException("github-unprocessable", $"GitHub found the request invalid ({error.Type}{At(error)}, {what})."),
        { Extensions.Code: { } code } => new PermanentFailureException(
            "github-graphql-invalid", $"The server does not support this request ({code}{At(error)}, {what}): " +
                "its version is too old or too new."),
        _ => new TransientFailureException("github-server-error",
            $"GitHub answered with an error ({error.Type ?? "of no type"}{At(error)}, {what})."),
    };

    private static string At(GraphError error) => error.Field.Length == 0 ? string.Empty : $" at {error.Field}";
}
