using SiteMonitor.Core.Metering;

namespace SiteMonitor.Core.Reporting;

/// <summary>What the runs of the span spent.</summary>
/// <param name="Total">Over all runs, completions too.</param>
/// <param name="Issues">Issues worked on.</param>
public sealed record UsageFigures(Usage Total, int Issues);
