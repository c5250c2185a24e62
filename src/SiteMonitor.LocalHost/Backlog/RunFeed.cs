using System.Collections.Concurrent;
using System.Collections.Frozen;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Functions.Orchestrations;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Publishes the stage that each issue enters and how its run ended.</summary>
internal sealed class RunFeed : IActivityObserver
{
    /// <summary>Activities to show; the others are internal.</summary>
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

    /// <summary>Limit of remembered run ids. Only a crash repeats a record, and soon after, so older ones can be forgotten.</summary>
    private const int MaxRememberedRuns = 10_000;

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

    /// <summary>Publishes the end of a run, once per run id.</summary>
    public void OnRecorded(RunRecord record)
    {
        if (_ended.Count > MaxRememberedRuns)
        {
            _ended.Clear();
        }

        if (record.Issue.Length > 0 && _ended.TryAdd(record.RunId, 0))
        {
            RunEnded?.Invoke(record);
        }
    }

    // Instance ids have the form owner:name:number; an id that was shortened is shown as it is.
    private static string IssueOf(string instanceId) =>
        instanceId.Split(':') is [var owner, var name, var number] ? $"{owner}/{name}#{number}" : instanceId;
}

internal static class BacklogServiceCollectionExtensions
{
    /// <summary>Adds <see cref="RunFeed"/> and connects it to activities and the registered ledger.</summary>
    public static IServiceCollection AddRunFeed(this IServiceCollection services)
    {
        services.AddSingleton<RunFeed>();
        services.AddSingleton<IActivityObserver>(provider => provider.GetRequiredService<RunFeed>());
        ServiceDescriptor ledger = services.Last(d => d.ServiceType == typeof(IRunLedger));
        services.Remove(ledger);
        services.AddSingleton<IRunLedger>(provider => new ObservedRunLedger(
            (IRunLedger)(
                ledger.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, ledger.ImplementationType!)),
            provider.GetRequiredService<RunFeed>()));
        return services;
    }
}

/// <summary>Reports each appended record to the feed.</summary>
internal sealed class ObservedRunLedger(IRunLedger inner, RunFeed feed) : IRunLedger
{
    public async Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        bool isNew = await inner.AppendAsync(record, cancellationToken);
        feed.OnRecorded(record);
        return isNew;
    }

    public IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        inner.QueryAsync(query, cancellationToken);

    public Task<IReadOnlyList<IRunFacts>> ReadFactsAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        inner.ReadFactsAsync(query, cancellationToken);
}
