namespace SiteMonitor.Sandbox.Faults;

/// <summary>Spoils requests that match.</summary>
public sealed record FaultRule
{
    /// <summary>
    /// Words that all have to fit the request, separated by spaces: <c>any</c>, <c>github</c>, <c>rest</c>, <c>read</c>, <c>write</c>, <c>graphql</c>, <c>query</c>, <c>mutation</c>,
    /// a GraphQL top-level field (<c>updateIssue</c>), a REST resource (<c>issue</c>, <c>issues</c>, <c>labels</c>, <c>assignees</c>, <c>comments</c>), <c>model</c>, <c>by:octo-operator</c>, <c>#12</c>.
    /// </summary>
    public required string Match { get; init; }

    public required FaultEffect Effect { get; init; }

    /// <summary>How many requests it spoils; 0 for all to come.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many matching requests pass before.</summary>
    public int Skip { get; init; }

    /// <summary>0 to 1; dice seeded by <see cref="SandboxOptions.FaultSeed"/>.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The request is carried out first and only its answer is lost.</summary>
    public bool AfterWork { get; init; }

    /// <summary>For limits and 503, in seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>For <see cref="FaultEffect.Slow"/>; for <see cref="FaultEffect.Timeout"/> the longest wait (0: two minutes).</summary>
    public int DelayMs { get; init; }
}

/// <summary>What a fault does to a request.</summary>
public enum FaultEffect
{
    /// <summary>500 with a JSON message.</summary>
    ServerError,

    /// <summary>502 with an HTML page, as GitHub's front answers.</summary>
    BadGateway,

    /// <summary>503 with <c>retry-after</c> when given.</summary>
    Unavailable,

    /// <summary>The hourly limit: 403 with <c>x-ratelimit-remaining: 0</c>, for GraphQL 200 with <c>RATE_LIMITED</c>.</summary>
    PrimaryLimit,

    /// <summary>403 with <c>retry-after</c>.</summary>
    SecondaryLimit,

    /// <summary>429 with <c>retry-after</c>.</summary>
    TooManyRequests,

    /// <summary>The limit on creating content as GraphQL tells it: 200 with <c>UNPROCESSABLE</c>, "was submitted too quickly", <c>retry-after</c> when given; for REST 422.</summary>
    SubmittedTooQuickly,

    /// <summary>A secondary limit as GraphQL may tell it: 200 with an error of no type, <c>retry-after</c> when given; for REST as <see cref="SecondaryLimit"/>.</summary>
    UntypedLimit,

    /// <summary>No answer until the caller gives up.</summary>
    Timeout,

    /// <summary>200 with text that is not JSON.</summary>
    Garbage,

    /// <summary>The connection breaks; a webhook is lost.</summary>
    Reset,

    /// <summary>401, as if the token had been revoked.</summary>
    BadCredentials,

    /// <summary>404, as if the token had lost access.</summary>
    NotFound,

    /// <summary>GraphQL: the matching field of a mutation fails, the others are done.</summary>
    FieldError,

    /// <summary>An answer after <see cref="FaultRule.DelayMs"/>.</summary>
    Slow,

    /// <summary>Webhooks: the delivery arrives twice.</summary>
    Duplicate,

    /// <summary>The model declines.</summary>
    ModelRefusal,

    /// <summary>The model's answer is not JSON of the schema.</summary>
    ModelMalformed,

    /// <summary>The model's answer ends in the middle (<c>finish_reason: length</c>).</summary>
    ModelLength,

    /// <summary>400 by the content filter.</summary>
    ModelFiltered,
}
