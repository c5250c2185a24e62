using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Functions.Settings;

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
