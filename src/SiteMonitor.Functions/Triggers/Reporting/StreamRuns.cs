using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>
/// Streams runs as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) for a minute; the client then
/// connects again.
/// </summary>
public sealed class StreamRuns(RunReader runs, RolloutStateRepository states, TimeProvider time)
{
    /// <summary>Maximum number of runs per interval: more than end within one, and as many missed ones as the page shows.</summary>
    private const int NewestRuns = 100;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Proxies close a connection that is silent for long.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    [Function("RunStream")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/stream")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        List<string> errors = [];
        DateTimeOffset? since = RequestChecks.ParseTime(request.Query, "since", errors);
        if (errors.Count > 0)
        {
            return Responses.BadRequest("There is no such stream.", errors);
        }

        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken,
            request.HttpContext.RequestAborted);
        try
        {
            await StreamAsync(request.HttpContext.Response, client, since, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The client has closed the page.
        }

        return new EmptyResult();
    }

    // The machine's clock: how long the connection lasts has nothing to do with simulated time.
    private async Task StreamAsync(
        HttpResponse response, DurableTaskClient client, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        long begun = TimeProvider.System.GetTimestamp();
        long written = begun;
        string active = string.Empty;
        long? sequence = null;
        DateTimeOffset from = GetStart(since) - LedgerQuery.LongestRun;
        HashSet<string> known = await runs.ListIdsAsync(from, since ?? DateTimeOffset.MaxValue, cancellationToken);
        while (TimeProvider.System.GetElapsedTime(begun) < Lifetime)
        {
            IReadOnlyList<RunSummary> added = await runs.ListNewAsync(from, known, NewestRuns, cancellationToken);
            string events = string.Concat(added.Select(r => Event("run", Json(r), r.Ended)));

            string activeNow = Json(await ActiveRuns.ListAsync(client, cancellationToken));
            events += activeNow == active ? string.Empty : Event("active", activeNow);
            active = activeNow;

            long sequenceNow = (await states.ReadAsync(cancellationToken)).State.LastSequence;
            events += sequence is null || sequence == sequenceNow
                ? string.Empty
                : Event("rollout", FormattableString.Invariant($"{{\"sequence\":{sequenceNow}}}"));
            sequence = sequenceNow;

            if (events.Length == 0 && TimeProvider.System.GetElapsedTime(written) >= KeepAlive)
            {
                events = ": still here\n\n";
            }

            if (events.Length > 0)
            {
                await response.WriteAsync(events, cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
                written = TimeProvider.System.GetTimestamp();
            }

            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Returns the client's last event; now if that is over a day old, because the page then reads the list again.</summary>
    private DateTimeOffset GetStart(DateTimeOffset? since)
    {
        DateTimeOffset now = time.GetUtcNow();
        return since is { } last && now - last < TimeSpan.FromDays(1) ? last : now;
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ContractJson.Default.Options);

    private static string Event(string name, string data, DateTimeOffset? id = null) =>
        $"event: {name}\n{(id is { } at ? string.Create(CultureInfo.InvariantCulture, $"id: {at:O}\n") : string.Empty)}data: {data}\n\n";
}
