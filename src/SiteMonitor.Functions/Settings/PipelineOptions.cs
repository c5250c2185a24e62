using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Functions.Settings;

/// <summary>The settings in the section <c>Pipeline</c>.</summary>
public sealed class PipelineOptions : BoundSettings
{
    public const string Section = "Pipeline";

    /// <summary>
    /// Labels that the flag <c>UnifiedPipeline</c> selects issues by: adding one to an issue starts work on it. Default <c>beta-test</c>.
    /// </summary>
    public string[] BetaLabels { get; set; } = ["beta-test"];

    /// <summary>The largest number of issues that the four-hourly timer starts, 1 to 500. Default 100.</summary>
    public int TimerBatchSize { get; set; } = 100;

    /// <summary>A file with the team's own specialists, instead of the built-in catalogue.</summary>
    public string CatalogueFile { get; set; } = string.Empty;

    /// <summary>
    /// How long a dry run's caller waits for the plan before the response says where to ask for it. Default 20 s, at most 60 s.
    /// </summary>
    public TimeSpan DryRunWait { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>Loads the specialist catalogue from the file in <c>Pipeline:CatalogueFile</c>, or else the built-in one.</summary>
internal static class CatalogueFile
{
    public static CatalogueLoadResult Load(PipelineOptions options)
    {
        if (options.CatalogueFile.Length == 0)
        {
            return new CatalogueLoadResult(CatalogueLoader.BuiltIn, []);
        }

        try
        {
            return CatalogueLoader.Load(File.ReadAllText(options.CatalogueFile), options.CatalogueFile);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string problem = $"cannot be read ({exception.GetType().Name}): check the path and its permissions.";
            return new CatalogueLoadResult(null, [new CatalogueProblem(options.CatalogueFile, "the file", problem)]);
        }
    }
}

internal sealed class PipelineOptionsValidator : IValidateOptions<PipelineOptions>
{
    public ValidateOptionsResult Validate(string? name, PipelineOptions options)
    {
        SettingsProblems problems = new(PipelineOptions.Section, options);
        problems.RequireBetween(nameof(options.TimerBatchSize), options.TimerBatchSize, 1, BatchRequest.MaxSize);
        problems.RequireBetween(nameof(options.DryRunWait), options.DryRunWait, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        CatalogueLoadResult load = CatalogueFile.Load(options);
        foreach (CatalogueProblem problem in load.Problems)
        {
            problems.Add(nameof(options.CatalogueFile), problem.ToString());
        }

        return problems.ToResult();
    }
}
