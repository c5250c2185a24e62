using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.LocalHost.Storage;

internal static class LocalStorageServiceCollectionExtensions
{
    /// <summary>Run ledger, comparisons and rollout state in one SQLite file.</summary>
    public static IServiceCollection AddLocalStorage(this IServiceCollection services, string path)
    {
        services.TryAddSingleton(_ => new LocalDatabase(path));
        services.TryAddSingleton<IRunLedger, SqliteRunLedger>();
        services.TryAddSingleton<SqliteComparisonLog>();
        services.TryAddSingleton<IComparisonLog>(provider => new JudgedComparisonLog(provider.GetRequiredService<SqliteComparisonLog>(), provider.GetRequiredService<AcceptedRules>()));
        services.TryAddSingleton<IRolloutStore, SqliteRolloutStore>();
        return services;
    }
}
