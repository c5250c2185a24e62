using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.GitHub;

public static class GitHubRegistration
{
    /// <summary>Adds issues on GitHub, from the settings <c>GitHub:…</c>, which are checked when the host starts.</summary>
    public static IServiceCollection AddGitHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GitHubOptions>()
            .Configure(options => SettingsBinder.Bind(configuration.GetSection(GitHubOptions.Section), options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GitHubOptions>, GitHubOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
