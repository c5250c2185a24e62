using System.Collections.Concurrent;
using System.Collections.Frozen;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Functions.Orchestrations;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>What happens to issues, as it happens: the stage each one enters, and how its run ended.</summary>
internal sealed class RunFeed : IActivityObserver
{
    /// <summary>Activities that people care to see; the others are bookkeeping.</summary>
    private static readonly FrozenDictionary<string, string> Stages = new Dictionary<string, string>
    {
        ["AnalyzeUnified"] = "analyzing",
        ["AnalyzeLegacy"] = "analyzing by the legacy rules",
        ["PrepareUnified"] = "preparing",
        ["PrepareLegacy"] = "preparing by the legacy command",
        ["AssignCopilot"] = "assigning Copilot",
        ["CompleteIssue"] = "completing",
        ["RestoreLabels"] = "taking short-lived labels off",
    }.ToFrozenDictionary();

    /// <summary>Only a crash lets a record come twice, and soon after: older ones need not be remembered.</summary>
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, byte> _ended = new();

    public event Action<string, string>? StageEntered;

    public event Action<RunRecord>? RunEnded;

    public void Starting(string instanceId, string activity)
    {
        if (Stages.TryGetValue(activity, out string? stage))
        {
            StageEntered?.Invoke(IssueOf(instanceId), stage);
        }
    }

    /// <summary>A record was written, perhaps not for the first time.</summary>
    public void OnRecorded(RunRecord record)
    {
        if (_ended.Count > MostRemembered)
        {
            _ended.Clear();
        }

        if (record.Issue.Length > 0 && _ended.TryAdd(record.RunId, 0))
        {
            RunEnded?.Invoke(record);
        }
    }

    // Instances are named owner:name:number; a name cut for its length is shown as it is.
    private static string IssueOf(string instanceId) => instanceId.Split(':') is [var owner, var name, var number] ? $"{owner}/{name}#{number}" : instanceId;
}

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

/// <summary>The ledger, telling the feed of each record.</summary>
internal sealed class ObservedRunLedger(IRunLedger inner, RunFeed feed) : IRunLedger
{
    public async Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        bool isNew = await inner.AppendAsync(record, cancellationToken);
        feed.OnRecorded(record);
        return isNew;
    }

    public IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken) => inner.QueryAsync(query, cancellationToken);
}
