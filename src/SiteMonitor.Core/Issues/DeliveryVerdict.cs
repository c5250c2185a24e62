namespace SiteMonitor.Core.Issues;

/// <summary>What to do about a webhook delivery.</summary>
/// <param name="Code">Why it is ignored: a stable code; empty otherwise.</param>
/// <param name="Reason">For people.</param>
public sealed record DeliveryDecision(DeliveryAction Action, string Code, string Reason)
{
    public static DeliveryDecision Ignore(string code, string reason) => new(DeliveryAction.Ignore, code, reason);
}
