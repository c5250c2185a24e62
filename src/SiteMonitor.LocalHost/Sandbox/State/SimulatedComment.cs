namespace SiteMonitor.LocalHost.Sandbox.State;

internal sealed record SimulatedComment(long Id, string Author, string Body, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Editor = null)
{
    public string GraphId => NodeId.Of("IC_kwDO", Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
