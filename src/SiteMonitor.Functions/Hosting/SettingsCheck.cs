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

/// <summary>The application cannot start with these settings; every problem is named, with what to set, never with a value.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception($"SiteMonitor cannot start. Set these (in environment variables write __ for :):{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(p => $"  - {p}"))}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
