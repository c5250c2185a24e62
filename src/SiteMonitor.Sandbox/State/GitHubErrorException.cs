namespace SiteMonitor.Sandbox.State;

/// <summary>The simulated GitHub declines a request, in the words of REST (status) and of GraphQL (type).</summary>
internal sealed class GitHubErrorException(int status, string graphType, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string GraphType { get; } = graphType;

    /// <summary>The entries of REST's <c>errors</c> array.</summary>
    public IReadOnlyList<FieldError> Errors { get; private init; } = [];

    public static GitHubErrorException NotFound(string graphMessage = "Could not resolve to a node.") => new(404, "NOT_FOUND", graphMessage);

    public static GitHubErrorException Gone() => new(410, "NOT_FOUND", "This issue was deleted");

    public static GitHubErrorException Forbidden(string message) => new(403, "FORBIDDEN", message);

    public static GitHubErrorException BadRequest(string message) => new(400, "UNPROCESSABLE", message);

    public static GitHubErrorException Invalid(string resource, string field, string code, string message, string? value = null) =>
        new(422, "UNPROCESSABLE", char.ToUpperInvariant(message[0]) + message[1..]) { Errors = [new FieldError(resource, field, code, message, value)] };
}

/// <summary>An entry of a 422's <c>errors</c> array.</summary>
internal sealed record FieldError(string Resource, string Field, string Code, string Message, string? Value);
