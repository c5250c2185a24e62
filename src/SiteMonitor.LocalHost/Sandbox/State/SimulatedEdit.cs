namespace SiteMonitor.LocalHost.Sandbox.State;

/// <summary>One version of an issue's body. GitHub keeps the whole text after the edit; the first edit also adds the original.</summary>
internal sealed record SimulatedEdit(long Id, string Editor, DateTimeOffset EditedAt, string Body)
{
    public string GraphId => NodeId.Of("UCE_kgDO", Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
