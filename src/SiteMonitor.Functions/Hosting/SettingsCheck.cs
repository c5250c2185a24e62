using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Checks all settings at once, before anything is started.</summary>
public static class SettingsCheck
{
    /// <exception cref="SettingsException">Something is missing or wrong.</exception>
    public static void Run(IServiceProvider services)
    {
        List<string> problems = [];
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException single)
        {
            problems.AddRange(single.Failures);
        }
        catch (AggregateException several)
        {
            problems.AddRange(several.Flatten().InnerExceptions.SelectMany(e => e is OptionsValidationException invalid ? invalid.Failures : [e.Message]));
        }

        problems.AddRange(FeatureFlagsServiceCollectionExtensions.FlagSettingProblems(services.GetRequiredService<IConfiguration>()));
        if (problems.Count > 0)
        {
            throw new SettingsException([.. problems.Order(StringComparer.Ordinal)]);
        }
    }
}
