using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Workflows;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Issues;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.GitHub;

public static class GitHubServiceCollectionExtensions
{
    /// <summary>Adds issues on GitHub with the settings <c>GitHub:…</c>, which are checked when the host starts.</summary>
    public static IServiceCollection AddGitHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<GitHubOptions, GitHubOptionsValidator>(configuration.GetSection(GitHubOptions.Section));
        services.AddCircuitBreakers(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new GitHubClocks(TimeProvider.System, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IPacingStateStore>(
            provider => new InMemoryPacingStateStore(provider.GetRequiredService<GitHubClocks>().SystemTime));
        services.TryAddSingleton<PacingHealth>();
        services.TryAddSingleton<GitHubConnections>();
        services.TryAddSingleton<RepositoryNames>();
        services.TryAddSingleton<IIssueTracker, OctokitIssueTracker>();
        services.TryAddSingleton<IIssueHistoryReader, IssueHistoryReader>();
        services.TryAddSingleton<IWorkflowSwitch, OctokitWorkflowSwitch>();
        services.TryAddSingleton<IIssueOpener, OctokitIssueOpener>();
        return services;
    }
}
