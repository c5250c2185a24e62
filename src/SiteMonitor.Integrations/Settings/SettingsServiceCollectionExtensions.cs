using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SiteMonitor.Integrations.Settings;

/// <summary>Registers sections of the configuration as options.</summary>
public static class SettingsServiceCollectionExtensions
{
    /// <summary>Binds a section to options that are validated at start-up, together with all others.</summary>
    public static IServiceCollection AddSettings<TOptions, TValidator>(this IServiceCollection services, IConfigurationSection section)
        where TOptions : BoundSettings
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().Configure(options => SettingsBinder.Bind(section, options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        return services;
    }
}
