namespace SiteMonitor.Sandbox.State;

/// <summary>The simulated GitHub refuses a request, with the status for REST and the type for GraphQL.</summary>
internal sealed class GitHubErrorException(int status, string graphType, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string GraphType { get; } = graphType;

    /// <summary>Entries of the <c>errors</c> array of REST.</summary>
    public IReadOnlyList<FieldError> Errors { get; private init; } = [];

    /// <summary>Path of the moved resource, for a redirect.</summary>
    public string? Location { get; private init; }

    public static GitHubErrorException NotFound(string graphMessage = "Could not resolve to a node.") =>
        new(404, "NOT_FOUND", graphMessage);

    public static GitHubErrorException Gone() => new(410, "NOT_FOUND", "This issue was deleted");

    /// <summary>REST redirects reads with 301 and writes with 307; GraphQL does not find what was moved.</summary>
    public static GitHubErrorException Moved(string path, bool isRead) =>
        new(isRead ? 301 : 307, "NOT_FOUND", isRead ? "Moved Permanently" : "Temporary Redirect") { Location = path };

    public static GitHubErrorException IssuesDisabled() => new(410, "NOT_FOUND", "Issues are disabled for this repo");

    public static GitHubErrorException Forbidden(string message) => new(403, "FORBIDDEN", message);

    public static GitHubErrorException BadRequest(string message) => new(400, "UNPROCESSABLE", message);

    public static GitHubErrorException Invalid(string resource, string field, string code, string message, string? value = null) =>
        new(422, "UNPROCESSABLE", char.ToUpperInvariant(message[0]) + message[1..])
        {
            Errors = [new FieldError(resource, field, code, message, value)],
        };
}

/// <summary>An entry of the <c>errors</c> array of a 422 response.</summary>
internal sealed record FieldError(string Resource, string Field, string Code, string Message, string? Value);
