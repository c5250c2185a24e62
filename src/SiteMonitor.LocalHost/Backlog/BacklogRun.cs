using System.Text.Json;
using DurableTask.Sqlite.Hosting;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Starts every waiting issue through the operators' route and follows the runs until none is left.</summary>
/// <param name="batchSize">Issues that one request starts; where more wait, further requests follow.</param>
internal sealed class BacklogRun(RunningHost host, IBacklogView view, TimeProvider time, int batchSize = BatchRequest.MaxSize)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly EmbeddedTaskHub _hub = host.Services.GetRequiredService<EmbeddedTaskHub>();

    /// <summary>Whether unfinished instances exist.</summary>
    private bool HasWork => _hub.UnfinishedInstances > 0;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(bool startIssues, RepositoryRef? repository, DateTimeOffset since, CancellationToken cancellationToken)
    {
        RunFeed feed = host.Services.GetRequiredService<RunFeed>();
        feed.StageEntered += view.ShowStage;
        feed.RunEnded += view.ShowRunEnd;
        DateTimeOffset began = time.GetUtcNow();
        int? started = 0;
        await view.ShowProgressAsync(async () =>
        {
            ShowInterruptedRuns();
            do
            {
                started = startIssues ? await StartAsync(repository, cancellationToken) : 0;
                await UntilIdleAsync(cancellationToken);
            }
            while (started == batchSize);
        });
        BacklogSummary summary = await SummarizeAsync(since, time.GetUtcNow() - began, cancellationToken);
        foreach (string line in BacklogSummaryText.Lines(summary))
        {
            view.WriteLine(line);
        }

        return started is not null && summary.Failures.Count == 0 ? HostExitCode.Ok : HostExitCode.Failed;
    }

    /// <summary>Keeps showing runs that webhooks and operators start.</summary>
    public async Task FollowAsync(Action<bool> finished, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            finished(!HasWork);
        }
    }

    private void ShowInterruptedRuns()
    {
        int resumed = _hub.UnfinishedInstances;
        if (resumed > 0)
        {
            view.WriteLine($"{resumed} interrupted run(s) continue.");
            view.AddExpectedIssues(resumed);
        }
    }

    /// <returns>How many were started; null when not all could be listed.</returns>
    private async Task<int?> StartAsync(RepositoryRef? repository, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = host.Url };
        http.DefaultRequestHeaders.Add(HttpAuthorization.Header, host.Services.GetRequiredService<FunctionKeys>().Function);
        BatchRequest wanted = new() { Repository = repository?.ToString(), BatchSize = batchSize };
        using HttpResponseMessage response = await http.PostAsJsonAsync(
            $"{host.RoutePrefix}pipeline/batch", wanted, ContractJson.Default.BatchRequest, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            view.WriteLine($"The backlog could not be started ({(int)response.StatusCode}): {body}");
            return null;
        }

        BatchResponse batch = JsonSerializer.Deserialize(body, ContractJson.Default.BatchResponse)!;
        view.AddExpectedIssues(batch.Started);
        view.WriteLine($"{batch.Started} issue(s) started.");
        foreach (string problem in batch.Problems)
        {
            view.WriteLine(problem);
        }

        return batch.Problems.Count == 0 ? batch.Started : null;
    }

    private async Task UntilIdleAsync(CancellationToken cancellationToken)
    {
        do
        {
            while (HasWork)
            {
                await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            }

            // Deliveries caused by the product's own writes may still be under way and start more runs.
            if (host.Sandbox is { } sandbox)
            {
                await sandbox.WaitForDeliveriesAsync(cancellationToken);
            }
        }
        while (HasWork);
    }

    private async Task<BacklogSummary> SummarizeAsync(DateTimeOffset since, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        List<RunRecord> records = [];
        Dictionary<string, DateTimeOffset> requestedAt = [];
        DurableTaskClient client = host.Services.GetRequiredService<DurableTaskClient>();
        await foreach (RunRecord record in host.Services.GetRequiredService<IRunLedger>().QueryAsync(
            new LedgerQuery(From: since), cancellationToken))
        {
            records.Add(record);
            if (IssueRef.TryParse(record.Issue, out IssueRef? issue)
                && await client.GetInstanceAsync(issue.InstanceId, cancellationToken) is { } instance)
            {
                requestedAt[record.Issue] = instance.CreatedAt;
            }
        }

        return BacklogSummary.Of(records, r => requestedAt.TryGetValue(r.Issue, out DateTimeOffset at) ? at : null, elapsed);
    }
}
