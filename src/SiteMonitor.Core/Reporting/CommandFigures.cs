namespace SiteMonitor.Core.Reporting;

/// <summary>Calls of one old command.</summary>
public sealed record CommandFigures(string Command, int Calls, DateTimeOffset Last);
