namespace SiteMonitor.LocalHost.Sandbox.Limits;

/// <summary>Whether a request may pass.</summary>
/// <param name="ExceededLimit">Null when it may, else the name of the limit: <c>primary</c>, <c>points</c>, <c>content per minute</c>, <c>content per hour</c>.</param>
/// <param name="ResetAt">When that limit ends.</param>
internal sealed record LimitDecision(string? ExceededLimit, DateTimeOffset ResetAt)
{
    public bool IsPrimary => ExceededLimit == "primary";
}
