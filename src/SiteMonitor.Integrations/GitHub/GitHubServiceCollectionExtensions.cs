using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Issues;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.GitHub;

public static class GitHubServiceCollectionExtensions
{
    /// <summary>Adds issues on GitHub, from the settings <c>GitHub:…</c>, which are checked when the host starts. Needs the specialist catalogue among the services.</summary>
    public static IServiceCollection AddGitHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GitHubOptions>()
            .Configure(options => SettingsBinder.Bind(configuration.GetSection(GitHubOptions.Section), options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GitHubOptions>, GitHubOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new GitHubClocks(TimeProvider.System, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<GitHubConnections>();
        services.TryAddSingleton<IIssueTracker, OctokitIssueTracker>();
        services.TryAddSingleton<IWorkflowSwitch, OctokitWorkflowSwitch>();
        services.TryAddSingleton<IIssueOpener, OctokitIssueOpener>();
        return services;
    }
}
