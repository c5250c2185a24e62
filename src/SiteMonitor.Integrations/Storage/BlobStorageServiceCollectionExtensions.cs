using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Storage;

public static class BlobStorageServiceCollectionExtensions
{
    /// <summary>Stores everything persistent in blobs (settings <c>Ledger:…</c>). Call it first: earlier registrations win.</summary>
    public static IServiceCollection AddBlobStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<LedgerOptions, LedgerOptionsValidator>(configuration.GetSection(LedgerOptions.Section));
        services.TryAddSingleton(provider => new LedgerContainer(provider.GetRequiredService<IOptions<LedgerOptions>>().Value));
        services.TryAddSingleton<IRunLedger, BlobRunLedger>();
        services.TryAddSingleton<BlobComparisonLog>();
        services.TryAddSingleton<IComparisonLog>(provider =>
            new ReclassifyingComparisonLog(
                provider.GetRequiredService<BlobComparisonLog>(), provider.GetRequiredService<AcceptedDifferenceRules>()));
        services.TryAddSingleton<IRolloutStore, BlobRolloutStore>();
        services.TryAddSingleton<IRepositoryNameStore, BlobRepositoryNameStore>();
        services.TryAddSingleton<IAnalysisCache, BlobAnalysisCache>();
        services.TryAddSingleton<IPacingStateStore, BlobPacingStateStore>();
        services.TryAddSingleton<ILastKnownFlags, BlobLastKnownFlags>();
        return services;
    }
}
