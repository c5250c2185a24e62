using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Runs;

/// <summary>
/// Starts runs so that an issue never has two active runs and no delivery is lost.
/// If a run is already active, a delivery is handed to a redelivery orchestration, which retries until it can start.
/// </summary>
/// <remarks>An accepted start is safe if the run does the same work: the run reads the issue only after the start was accepted.</remarks>
public sealed partial class RunStarter(TimeProvider time, ILogger<RunStarter> logger)
{
    /// <summary>Statuses of instances that have not ended.</summary>
    internal static readonly OrchestrationRuntimeStatus[] ActiveStatuses =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <summary>Maximum clock difference assumed between the host that received a delivery and the host that started the run.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Starts the run that a webhook delivery asks for. A repeated delivery has no effect unless its run failed; nor has one whose
    /// state the last run has seen, as when GitHub sends several for one act.
    /// </summary>
    /// <param name="delivered">What the delivery showed of the issue.</param>
    public async Task<StartResult> StartForDeliveryAsync(
        DurableTaskClient client,
        IssueRef issue,
        WorkKind work,
        string deliveryId,
        IssueObservation? delivered,
        CancellationToken cancellationToken)
    {
        OrchestrationMetadata? existing = await client.GetInstanceAsync(issue.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (existing is not null && WasStartedBy(existing, deliveryId) && !HasFailed(existing))
        {
            return StartResult.AlreadyHandled(issue.InstanceId);
        }

        RedeliveryInput input = new()
        {
            Issue = issue.Canonical,
            RequestId = deliveryId,
            Work = work,
            ReceivedAt = time.GetUtcNow(),
            Delivered = delivered,
        };
        string redelivery = InstanceIds.Redelivery(deliveryId);
        OrchestrationRuntimeStatus[] handled = [.. ActiveStatuses, OrchestrationRuntimeStatus.Completed];
        if (existing is not null && HasSeen(existing, input) && !WasStartedBy(existing, deliveryId))
        {
            // The redelivery only records that this delivery arrived, so that a repeated delivery is recognized.
            bool isFirst = await TryScheduleAsync(client, RedeliveryInput.Orchestrator, redelivery, input, handled, cancellationToken);
            if (isFirst || !HasFailed(existing))
            {
                return StartResult.AlreadyHandled(issue.InstanceId, "The last run has seen what this delivery shows.");
            }
        }

        // If the active run has ended by then, a start would be accepted although that run may already have seen what this delivery shows.
        if (!IsActive(existing) && await TryStartAsync(client, issue, input, cancellationToken))
        {
            return StartResult.Started(issue.InstanceId);
        }

        bool isQueued = await TryScheduleAsync(client, RedeliveryInput.Orchestrator, redelivery, input, handled, cancellationToken);
        Log.DeliveryQueued(logger, issue.Canonical, deliveryId);
        return isQueued ? StartResult.Queued(redelivery) : StartResult.AlreadyHandled(redelivery);
    }

    /// <summary>
    /// Starts the completion of the issues that a merged pull request closes.
    /// Starting it again is safe: an issue that is completed already is left as it is.
    /// </summary>
    public static async Task<StartResult> StartForMergeAsync(
        DurableTaskClient client, RepositoryRef repository, int pullRequest, string deliveryId, CancellationToken cancellationToken)
    {
        string instanceId = InstanceIds.MergedPullRequest(repository, pullRequest);
        MergedPullRequestInput input = new() { Repository = repository.Canonical, PullRequest = pullRequest, RequestId = deliveryId };
        return await TryScheduleAsync(client, MergedPullRequestInput.Orchestrator, instanceId, input, ActiveStatuses, cancellationToken)
            ? StartResult.Started(instanceId, "The issues that the pull request closes will be completed.")
            : StartResult.AlreadyHandled(instanceId, "The issues that the pull request closes are already being completed.");
    }

    /// <summary>Starts to record what a delivery says became of issues; a repeated delivery has no effect.</summary>
    public Task StartOutcomeAsync(DurableTaskClient client, OutcomeInput input, CancellationToken cancellationToken) => TryScheduleAsync(
        client,
        OutcomeInput.Orchestrator,
        InstanceIds.Outcome(input.RequestId),
        input with { ReceivedAt = time.GetUtcNow() },
        [.. ActiveStatuses, OrchestrationRuntimeStatus.Completed],
        cancellationToken);

    /// <summary>
    /// Starts a run whose parameters matter to the caller. Another active run is a conflict unless it has the same parameters.
    /// </summary>
    public static async Task<StartResult> StartManualAsync(
        DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        PipelineInput? active = null;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            bool isAccepted = await TryStartAsync(client, issue, input, cancellationToken);

            // When several callers race, the engine accepts them all although one run executes: only its input shows whose it is.
            OrchestrationMetadata? instance = await client.GetInstanceAsync(issue.InstanceId, getInputsAndOutputs: true, cancellationToken);
            active = GetPipelineInput(instance);
            if (active?.RequestId == input.RequestId)
            {
                return StartResult.Started(issue.InstanceId);
            }

            if (instance is { IsCompleted: false } || isAccepted)
            {
                break;
            }
        }

        return active?.HasSameParametersAs(input) == true
            ? StartResult.AlreadyHandled(issue.InstanceId, "A run with the same parameters is already active: its outcome is also yours.")
            : StartResult.Conflict(issue.InstanceId,
                active is null ? "Other work" : $"A run with stage '{active.Stage}', started by {active.Trigger},");
    }

    /// <summary>Starts a run unless one is active.</summary>
    public static Task<bool> TryStartAsync(
        DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken) =>
        TryScheduleAsync(client, PipelineInput.Orchestrator, issue.InstanceId, input, ActiveStatuses, cancellationToken);

    /// <summary>Starts a dry run. It has an instance of its own and blocks no other run.</summary>
    public static async Task<string> StartDryRunAsync(
        DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        string instanceId = InstanceIds.DryRun(issue, Guid.NewGuid());
        await TryScheduleAsync(
            client, PipelineInput.Orchestrator, instanceId, input with { DryRun = true }, ActiveStatuses, cancellationToken);
        return instanceId;
    }

    /// <summary>Makes one attempt of a redelivery.</summary>
    public static async Task<StartWorkResult> RetryAsync(
        DurableTaskClient client, RedeliveryInput input, CancellationToken cancellationToken)
    {
        IssueRef issue = IssueRef.Parse(input.Issue);
        OrchestrationMetadata? last = await client.GetInstanceAsync(issue.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (last?.CreatedAt > input.ReceivedAt + MaxClockSkew && DoesWork(last, input))
        {
            return new StartWorkResult(true, "A run that began after the delivery has read the issue.");
        }

        if (last is not null && HasSeen(last, input))
        {
            return new StartWorkResult(true, "The last run has seen what the delivery shows.");
        }

        return !IsActive(last) && await TryStartAsync(client, issue, input, cancellationToken)
            ? new StartWorkResult(true, "The run was started.")
            : new StartWorkResult(false, "An older run is still active.");
    }

    /// <summary>Starts a run and returns whether the run that executes does this work.</summary>
    private static async Task<bool> TryStartAsync(
        DurableTaskClient client, IssueRef issue, RedeliveryInput request, CancellationToken cancellationToken)
    {
        // When several callers race, the engine accepts them all, even if the run that executes has another caller's input.
        return await TryScheduleAsync(
                client, GetOrchestrator(request.Work), issue.InstanceId, CreateInput(issue, request), ActiveStatuses, cancellationToken)
            && await client.GetInstanceAsync(issue.InstanceId, getInputsAndOutputs: true, cancellationToken) is { } started
            && DoesWork(started, request);
    }

    private static object CreateInput(IssueRef issue, RedeliveryInput request) => request switch
    {
        { Run: { } run } => run,
        { Work: WorkKind.Pipeline } => new PipelineInput
        {
            Issue = issue.Canonical,
            Trigger = TriggerNames.Webhook,
            RequestId = request.RequestId,
            Delivered = request.Delivered,
        },
        _ => new CompletionInput
        {
            Issue = issue.Canonical,
            RequestId = request.RequestId,
            ByMerge = request.Work == WorkKind.CompletionByMerge,
            Delivered = request.Delivered,
        },
    };

    /// <summary>Returns whether a run that has ended does this work, and first read the issue as the delivery shows it or later.</summary>
    private static bool HasSeen(OrchestrationMetadata last, RedeliveryInput request) =>
        last.IsCompleted
        && request is { Run: null, Work: WorkKind.Pipeline, Delivered: { UpdatedAt: not null } delivered }
        && DoesWork(last, request)
        && TryRead(last.ReadOutputAs<PipelineResult>)?.Seen is { UpdatedAt: { } updatedAt, IsOpen: { } isOpen } seen
        && delivered.IsReflectedIn(updatedAt, seen.Labels, isOpen);

    private static async Task<bool> TryScheduleAsync(
        DurableTaskClient client,
        string orchestrator,
        string instanceId,
        object input,
        OrchestrationRuntimeStatus[] dedupeStatuses,
        CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestrator, input, new StartOrchestrationOptions(instanceId).WithDedupeStatuses(dedupeStatuses), cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    /// <summary>
    /// A run of one stage only, or of an old command, does not do what a delivery asks for.
    /// Nor does a completion that waits for the issue to be closed, when a merge is what closes it.
    /// </summary>
    private static bool DoesWork(OrchestrationMetadata instance, RedeliveryInput request) =>
        instance.Name == GetOrchestrator(request.Work) && request switch
        {
            { Run: { } run } => GetPipelineInput(instance)?.HasSameParametersAs(run) == true,
            { Work: WorkKind.Pipeline } => GetPipelineInput(instance) is
                { Stage: StageNames.Auto, LegacyCommand.Length: 0, DryRun: false },
            { Work: WorkKind.CompletionByMerge } => TryRead(instance.ReadInputAs<CompletionInput>) is { ByMerge: true },
            _ => true,
        };

    private static bool IsActive([NotNullWhen(true)] OrchestrationMetadata? instance) =>
        instance is not null && ActiveStatuses.Contains(instance.RuntimeStatus);

    private static string GetOrchestrator(WorkKind work) =>
        work == WorkKind.Pipeline ? PipelineInput.Orchestrator : CompletionInput.Orchestrator;

    private static PipelineInput? GetPipelineInput(OrchestrationMetadata? instance) =>
        instance?.Name == PipelineInput.Orchestrator ? TryRead(instance.ReadInputAs<PipelineInput>) : null;

    private static bool WasStartedBy(OrchestrationMetadata instance, string requestId) => instance.Name switch
    {
        PipelineInput.Orchestrator => GetPipelineInput(instance)?.RequestId == requestId,
        CompletionInput.Orchestrator => TryRead(instance.ReadInputAs<CompletionInput>)?.RequestId == requestId,
        _ => false,
    };

    private static bool HasFailed(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed => TryRead(instance.ReadOutputAs<PipelineResult>)?.Outcome is "failed" or "critical",
        OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated => true,
        _ => false,
    };

    /// <summary>Returns null for what another version of the application wrote in a form that this one cannot read.</summary>
    private static T? TryRead<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Information, "{Issue} already has an active run; delivery {DeliveryId} is queued until it ends")]
        public static partial void DeliveryQueued(ILogger logger, string issue, string deliveryId);
    }
}
