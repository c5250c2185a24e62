namespace SiteMonitor.LocalHost.Sandbox.Faults;

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
