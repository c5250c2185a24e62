namespace SiteMonitor.LocalHost.Sandbox.Faults;

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
