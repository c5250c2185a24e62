using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Resilience;

/// <summary>The settings <c>CircuitBreakers:…</c>: when a service that is down gets no more requests, and for how long.</summary>
public sealed class CircuitBreakerOptions : BoundSettings
{
    public const string Section = "CircuitBreakers";

    /// <summary>Requests within the sampling duration below which a circuit never opens. Default 4.</summary>
    public int MinimumRequests { get; set; } = 4;

    /// <summary>Share of failed requests (no connection, no response, 408 or 5xx) at which a circuit opens. Default 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Period over which requests are counted. Default 2 min.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Pause after the first failed probe (sent 1 s after opening); doubles with each further one. Default 30 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause between two probes. Default 5 min.</summary>
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest pause between two probes of App Configuration, from which a rollback must be read soon. Default 15 s.</summary>
    public TimeSpan MaxFlagsBreakDuration { get; set; } = TimeSpan.FromSeconds(15);
}

internal sealed class CircuitBreakerOptionsValidator : IValidateOptions<CircuitBreakerOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, CircuitBreakerOptions options)
    {
        SettingsProblems problems = new(CircuitBreakerOptions.Section, options);
        problems.RequireBetween(nameof(options.MinimumRequests), options.MinimumRequests, 2, 1_000_000);
        problems.RequireBetween(nameof(options.FailureRatio), options.FailureRatio, 0.1, 1);
        problems.RequireBetween(nameof(options.SamplingDuration), options.SamplingDuration, Second, TimeSpan.FromHours(1));
        problems.RequireBetween(nameof(options.BreakDuration), options.BreakDuration, Second, TimeSpan.FromMinutes(10));
        problems.RequireBetween(nameof(options.MaxBreakDuration), options.MaxBreakDuration, options.BreakDuration, TimeSpan.FromHours(1));
        problems.RequireBetween(nameof(options.MaxFlagsBreakDuration), options.MaxFlagsBreakDuration, Second, TimeSpan.FromMinutes(5));
        return problems.ToResult();
    }
}
