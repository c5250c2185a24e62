using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Functions.Orchestrations;

namespace SiteMonitor.LocalHost.Backlog;

internal static class BacklogServiceCollectionExtensions
{
    /// <summary>Adds <see cref="RunFeed"/>, and lets activities and the registered ledger tell it what they do.</summary>
    public static IServiceCollection AddRunFeed(this IServiceCollection services)
    {
        services.AddSingleton<RunFeed>();
        services.AddSingleton<IActivityObserver>(provider => provider.GetRequiredService<RunFeed>());
        ServiceDescriptor ledger = services.Last(d => d.ServiceType == typeof(IRunLedger));
        services.Remove(ledger);
        services.AddSingleton<IRunLedger>(provider => new ObservedRunLedger(
            (IRunLedger)(ledger.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, ledger.ImplementationType!)),
            provider.GetRequiredService<RunFeed>()));
        return services;
    }
}
