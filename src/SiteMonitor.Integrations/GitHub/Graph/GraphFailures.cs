using SiteMonitor.Core.Failures;
using SiteMonitor.Integrations.GitHub.Http;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>What the <c>errors</c> of a GraphQL answer come to. They arrive with status 200, and some mutations of the request may have been done.</summary>
internal static class GraphFailures
{
    /// <summary>The hourly limit, which bars GraphQL only.</summary>
    public static bool IsPrimaryLimit(GraphError error) => error.Type is "RATE_LIMITED" or "RATE_LIMIT" && !IsSecondaryLimit(error);

    /// <summary>A limit that bars every request of the credential.</summary>
    public static bool IsSecondaryLimit(GraphError error) => SecondaryRateLimitMessage.Matches(error.Message);

    /// <summary>Whether the server's schema lacks a field that we ask for.</summary>
    public static bool LacksField(GraphError error, string field) => error.Extensions is { Code: "undefinedField" } details && details.FieldName == field;

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
            "github-forbidden", $"The credential in {setting} may not do this ({error.Type}{At(error)}, {what}): give it read and write access to issues of the repository."),
        { Type: "UNPROCESSABLE" } => new PermanentFailureException("github-unprocessable", $"GitHub found the request invalid ({error.Type}{At(error)}, {what})."),
        { Extensions.Code: { } code } => new PermanentFailureException(
            "github-graphql-invalid", $"The server does not know this request ({code}{At(error)}, {what}): its GitHub version is too old, or too new, for this program."),
        _ => new TransientFailureException("github-server-error", $"GitHub answered with an error ({error.Type ?? "of no type"}{At(error)}, {what})."),
    };

    private static string At(GraphError error) => error.Field.Length == 0 ? string.Empty : $" at {error.Field}";
}
