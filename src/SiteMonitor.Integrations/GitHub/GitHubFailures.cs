using System.Net;
using Octokit;
using SiteMonitor.Core.Failures;

namespace SiteMonitor.Integrations.GitHub;

/// <summary>Turns what Octokit and the network throw into our own failures: what was wrong and what to do, without GitHub's text, which may quote an issue's.</summary>
internal static class GitHubFailures
{
    /// <param name="what">What was tried, on what: <c>reading octo-org/site#7</c>.</param>
    /// <param name="setting">The setting that holds the credential.</param>
    public static PipelineException From(Exception exception, string what, string setting) => exception switch
    {
        PipelineException ours => ours,
        ApiException answer => FromStatus(answer.StatusCode, what, setting),
        HttpRequestException broken => new TransientFailureException("github-unreachable", $"No connection to GitHub while {what} ({broken.HttpRequestError})."),
        OperationCanceledException => new TransientFailureException("github-timeout", $"GitHub did not answer in time while {what}."),
        _ => new TransientFailureException("github-garbled-answer", $"GitHub's answer could not be read while {what} ({exception.GetType().Name})."),
    };

    public static PermanentFailureException NotFound(string what, string setting) => new(
        "github-not-found", $"GitHub knows nothing of it, or hides it from the credential in {setting}, while {what}: check the name and number, and that the credential may see the repository.");

    private static PipelineException FromStatus(HttpStatusCode status, string what, string setting) => (int)status switch
    {
        401 => new PermanentFailureException("github-unauthorized", $"GitHub refused the credential in {setting} while {what}: it is wrong, expired or revoked; set a valid one."),
        403 => new PermanentFailureException("github-forbidden", $"The credential in {setting} may not do this (status 403, {what}): give it read and write access to issues of the repository."),
        404 => NotFound(what, setting),
        410 => new PermanentFailureException("github-gone", $"It was deleted, or issues are switched off in the repository (status 410, {what})."),
        422 => new PermanentFailureException("github-unprocessable", $"GitHub found the request invalid (status 422, {what})."),
        451 => new PermanentFailureException("github-blocked", $"GitHub blocks it for legal reasons (status 451, {what})."),
        408 or 409 or >= 500 => new TransientFailureException("github-server-error", $"GitHub answered {(int)status} while {what}."),
        _ => new PermanentFailureException("github-refused", $"GitHub refused the request (status {(int)status}, {what})."),
    };
}
