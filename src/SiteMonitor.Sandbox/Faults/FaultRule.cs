namespace SiteMonitor.Sandbox.Faults;

/// <summary>Makes matching requests fail.</summary>
public sealed record FaultRule
{
    /// <summary>
    /// Words, separated by spaces, that must all fit the request: <c>any</c>, <c>github</c>, <c>rest</c>, <c>read</c>, <c>write</c>,
    /// <c>graphql</c>, <c>query</c>, <c>mutation</c>, a GraphQL top-level field (<c>updateIssue</c>; hooks also know
    /// <c>within:updateIssue</c>, just before that mutation of a request), a REST resource (<c>issue</c>, <c>issues</c>, <c>labels</c>,
    /// <c>assignees</c>), <c>model</c>, <c>by:octo-operator</c>, <c>#12</c> (a request or delivery that names the issue by its number;
    /// GraphQL mutations name it by its node id).
    /// </summary>
    public required string Match { get; init; }

    public required FaultEffect Effect { get; init; }

    /// <summary>Text that a request to the model must contain, as if that text made the service fail; empty for any.</summary>
    public string Contains { get; init; } = string.Empty;

    /// <summary>Number of requests that fail; 0 for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Number of matching requests that pass first.</summary>
    public int Skip { get; init; }

    /// <summary>Probability from 0 to 1; the random numbers start from <see cref="SandboxOptions.FaultSeed"/>.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Processes the request first and replaces only its response.</summary>
    public bool AfterWork { get; init; }

    /// <summary>Value of <c>retry-after</c> for limits and 503, in seconds; 0 leaves the header out.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Delay of <see cref="FaultEffect.Slow"/>; longest wait of <see cref="FaultEffect.Timeout"/> (0: two minutes); lag of
    /// <see cref="FaultEffect.StaleRead"/> (0: ten seconds).</summary>
    public int DelayMs { get; init; }
}

/// <summary>Effects of a fault on a request.</summary>
public enum FaultEffect
{
    /// <summary>500 with a JSON message.</summary>
    ServerError,

    /// <summary>502 with an HTML page, as GitHub's proxy answers.</summary>
    BadGateway,

    /// <summary>503, with <c>retry-after</c> if given.</summary>
    Unavailable,

    /// <summary>Hourly limit: 403 with <c>x-ratelimit-remaining: 0</c>; for GraphQL 200 with <c>RATE_LIMITED</c>.</summary>
    PrimaryLimit,

    /// <summary>403 with <c>retry-after</c>.</summary>
    SecondaryLimit,

    /// <summary>429 with <c>retry-after</c>.</summary>
    TooManyRequests,

    /// <summary>
    /// Content creation limit of GraphQL: 200 with <c>UNPROCESSABLE</c>, "was submitted too quickly" and <c>retry-after</c> if given; for
    /// REST 422.
    /// </summary>
    SubmittedTooQuickly,

    /// <summary>
    /// Secondary limit of GraphQL without a type: 200 with an error and <c>retry-after</c> if given; for REST like
    /// <see cref="SecondaryLimit"/>.
    /// </summary>
    UntypedLimit,

    /// <summary>No response until the caller gives up.</summary>
    Timeout,

    /// <summary>200 with text that is not JSON.</summary>
    Garbage,

    /// <summary>200 with an HTML page, as a proxy in between answers.</summary>
    HtmlPage,

    /// <summary>The right response, half of it: the connection closes before the length that was announced.</summary>
    HalfBody,

    /// <summary>The right response with the content type <c>text/html</c>.</summary>
    WrongContentType,

    /// <summary>304 for a read that names an ETag, although there is something new.</summary>
    StaleETag,

    /// <summary>The connection is closed; a webhook is lost.</summary>
    Reset,

    /// <summary>401, as if the token had been revoked.</summary>
    BadCredentials,

    /// <summary>404, as if the token had lost access.</summary>
    NotFound,

    /// <summary>GraphQL: the matching mutation fails, the others of the request are executed.</summary>
    FieldError,

    /// <summary>GraphQL: GitHub refuses the matching mutation (<c>FORBIDDEN</c>), the others of the request are executed.</summary>
    FieldForbidden,

    /// <summary>GraphQL: the matching mutation is invalid (<c>UNPROCESSABLE</c>), the others of the request are executed.</summary>
    FieldUnprocessable,

    /// <summary>A response after <see cref="FaultRule.DelayMs"/>.</summary>
    Slow,

    /// <summary>A read sees the issues as they were <see cref="FaultRule.DelayMs"/> ago, as on a replica that lags behind.</summary>
    StaleRead,

    /// <summary>Webhooks: the delivery is sent twice.</summary>
    Duplicate,

    /// <summary>Webhooks: the delivery is sent after the next one, if one follows within <see cref="FaultRule.DelayMs"/>.</summary>
    Reorder,

    /// <summary>The model refuses.</summary>
    ModelRefusal,

    /// <summary>The model's answer is not JSON of the schema.</summary>
    ModelMalformed,

    /// <summary>The model's answer is cut off (<c>finish_reason: length</c>).</summary>
    ModelLength,

    /// <summary>400 from the content filter.</summary>
    ModelFiltered,

    /// <summary>400 from the content filter, named in the inner error only.</summary>
    ModelFilteredInside,

    /// <summary>400 with the code <c>invalid_prompt</c>.</summary>
    ModelInvalidPrompt,
}
