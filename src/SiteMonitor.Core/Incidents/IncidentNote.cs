namespace SiteMonitor.Core.Incidents;

/// <summary>What was said about an incident, when and by whom.</summary>
public sealed record IncidentNote(DateTimeOffset At, string By, string Text);
