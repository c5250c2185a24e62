using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Checks all settings at once, before anything starts.</summary>
public static partial class SettingsCheck
{
    /// <summary>Writes one line for each problem, so that the Functions host shows it at its default log level.</summary>
    /// <returns>Whether the application can start.</returns>
    public static bool TryRun(IServiceProvider services, TextWriter errors)
    {
        try
        {
            Run(services);
            return true;
        }
        catch (SettingsException exception)
        {
            foreach (string problem in exception.Problems)
            {
                errors.WriteLine($"Settings error: {problem.ReplaceLineEndings(" ")}");
            }

            return false;
        }
    }

    /// <exception cref="SettingsException">A setting is missing or wrong.</exception>
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
            problems.AddRange(several.Flatten().InnerExceptions
                .SelectMany(e => e is OptionsValidationException invalid ? invalid.Failures : [e.Message]));
        }

        if (problems.Count > 0)
        {
            throw new SettingsException([.. problems.Order(StringComparer.Ordinal)]);
        }

        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SettingsCheck));
        foreach ((string detail, string advice) in services.GetRequiredService<IOptions<GitHubOptions>>().Value.GetWarnings())
        {
            Log.Warning(logger, detail, advice);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(391, LogLevel.Warning, "Settings warning: {Detail} {Advice}")]
        public static partial void Warning(ILogger logger, string detail, string advice);
    }
}

/// <summary>The application cannot start with these settings. The message names every problem and what to set, never a value.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(CreateMessage(problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;

    private static string CreateMessage(IReadOnlyList<string> problems) => string.Join(
        Environment.NewLine,
        ["SiteMonitor cannot start. Set these (in environment variables write __ for :):",
            .. problems.Select(problem => $"  - {problem}")]);
}
