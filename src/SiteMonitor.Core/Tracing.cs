using System.Diagnostics;

namespace SiteMonitor.Core;

/// <summary>
/// The source of the application's own spans. They hold ids, codes and numbers, never a secret or an issue's text;
/// <c>docs/telemetry.md</c> lists them.
/// </summary>
public static class Tracing
{
    public const string SourceName = "SiteMonitor";

    public static readonly ActivitySource Source = new(SourceName);
}
