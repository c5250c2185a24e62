using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Functions.Settings;

/// <summary>The settings <c>Pipeline:…</c>.</summary>
public sealed class PipelineOptions : BoundSettings
{
    public const string Section = "Pipeline";

    /// <summary>Labels that the flag <c>UnifiedPipeline</c> selects issues by: adding one to an issue starts work on it. Default <c>beta-test</c>.</summary>
    public string[] BetaLabels { get; set; } = ["beta-test"];

    /// <summary>The most issues the four-hourly timer starts, 1 to 500. Default 100.</summary>
    public int TimerBatchSize { get; set; } = 100;

    /// <summary>A file with the team's own specialists, instead of the built-in catalogue.</summary>
    public string CatalogueFile { get; set; } = string.Empty;

    /// <summary>How long a dry run's caller waits for the plan before being told where to ask for it. Default 20 s, at most 60 s.</summary>
    public TimeSpan DryRunWait { get; set; } = TimeSpan.FromSeconds(20);
}
