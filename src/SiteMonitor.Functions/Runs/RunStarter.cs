using System.Text.Json;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Functions.Runs;

/// <summary>
/// Starts runs so that an issue never has two at once and no start is lost. A start that is accepted is safe where the run that begins does the same work: its first read
/// comes after it. One that is refused because a run is on, or that lost a race against a start of other work, goes to a <see cref="Redelivery"/>.
/// </summary>
public sealed partial class RunStarter(TimeProvider time, ILogger<RunStarter> logger)
{
    private static readonly OrchestrationRuntimeStatus[] WhileOn =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <summary>Clocks of two machines may differ by this much; a run must be younger than the delivery by more to have surely seen what it tells of.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    /// <summary>Starts what a delivery asks for. The same delivery again does nothing, unless the run it started has failed.</summary>
    public async Task<DeliveryStart> StartDeliveryAsync(DurableTaskClient client, IssueRef issue, WorkKind work, string deliveryId, CancellationToken cancellationToken)
    {
        RedeliveryInput wanted = new() { Issue = issue.Canonical, RequestId = deliveryId, Work = work, ReceivedAt = time.GetUtcNow() };
        OrchestrationMetadata? before = await client.GetInstanceAsync(issue.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (before is not null && IsOf(before, deliveryId) && !HasFailed(before))
        {
            return new DeliveryStart(issue.InstanceId, true, "This delivery was taken care of before.");
        }

        if (await TryBeginAsync(client, wanted, cancellationToken))
        {
            return new DeliveryStart(issue.InstanceId, false, "The run was started.");
        }

        string redelivery = InstanceIds.Redelivery(deliveryId);
        bool waits = await TryScheduleAsync(
            client, nameof(Redelivery), redelivery, wanted, [.. WhileOn, OrchestrationRuntimeStatus.Completed], cancellationToken);
        Log.RunIsOn(logger, issue.Canonical, deliveryId);
        return waits
            ? new DeliveryStart(redelivery, false, "A run is on: another one follows when it has ended.")
            : new DeliveryStart(redelivery, true, "This delivery was taken care of before.");
    }

    /// <summary>Starts a run by its parameters and says whether it is this caller's that is on.</summary>
    public async Task<ManualStart> StartManualAsync(DurableTaskClient client, PipelineInput input, CancellationToken cancellationToken)
    {
        string instanceId = IssueRef.Parse(input.Issue).InstanceId;
        OrchestrationMetadata? on = null;
        for (int tries = 0; tries < 3; tries++)
        {
            bool accepted = await TryStartAsync(client, input, cancellationToken);

            // "Started" is told to several racing callers although one execution runs: only its input says whose.
            on = await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken);
            if (InputOf(on)?.RequestId == input.RequestId)
            {
                return new ManualStart(true, null, true);
            }

            if (on is { IsCompleted: false } || accepted)
            {
                break;
            }
        }

        PipelineInput? other = InputOf(on);
        return new ManualStart(false, other, other?.HasSameParametersAs(input) ?? false);
    }

    /// <summary>Starts a run unless one is on.</summary>
    public Task<bool> TryStartAsync(DurableTaskClient client, PipelineInput input, CancellationToken cancellationToken) =>
        TryScheduleAsync(client, nameof(IssuePipeline), IssueRef.Parse(input.Issue).InstanceId, input, WhileOn, cancellationToken);

    /// <summary>Starts a dry run, which has an instance of its own and hinders nobody.</summary>
    public async Task<string> StartDryRunAsync(DurableTaskClient client, PipelineInput input, CancellationToken cancellationToken)
    {
        string instanceId = InstanceIds.DryRun(IssueRef.Parse(input.Issue), Guid.NewGuid());
        await TryScheduleAsync(client, nameof(IssuePipeline), instanceId, input with { DryRun = true }, WhileOn, cancellationToken);
        return instanceId;
    }

    /// <summary>
    /// Looks up which issues a merged pull request closes, and completes them. The same again looks anew once that has ended: whether the issues were completed in the end is
    /// for each of them to say, and one that was finds nothing left to do.
    /// </summary>
    public async Task<DeliveryStart> StartMergeAsync(DurableTaskClient client, RepositoryRef repository, int pullRequest, string deliveryId, CancellationToken cancellationToken)
    {
        string instanceId = InstanceIds.MergedPullRequest(repository, pullRequest);
        MergedPullRequestInput input = new() { Repository = repository.Canonical, PullRequest = pullRequest, RequestId = deliveryId };
        bool started = await TryScheduleAsync(client, nameof(MergedPullRequest), instanceId, input, WhileOn, cancellationToken);
        return new DeliveryStart(instanceId, !started, started ? "The issues that the pull request closes are completed." : "The issues that the pull request closes are being completed.");
    }

    /// <summary>One try of a <see cref="Redelivery"/>.</summary>
    public static async Task<StartWorkResult> RetryAsync(DurableTaskClient client, RedeliveryInput wanted, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? on = await client.GetInstanceAsync(IssueRef.Parse(wanted.Issue).InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (on?.CreatedAt > wanted.ReceivedAt + ClockSkew && DoesWorkOf(on, wanted.Work))
        {
            return new StartWorkResult(true, "A run that began after the delivery has seen what it tells of.");
        }

        return await TryBeginAsync(client, wanted, cancellationToken)
            ? new StartWorkResult(true, "The run was started.")
            : new StartWorkResult(false, "An older run is still on.");
    }

    /// <summary>
    /// Whether a run begins that does what is wanted. "Started" is told to all callers that race, also when the one whose execution runs asked for something else:
    /// by then its name and input stand there.
    /// </summary>
    private static async Task<bool> TryBeginAsync(DurableTaskClient client, RedeliveryInput wanted, CancellationToken cancellationToken) =>
        await TryStartAsync(client, wanted, cancellationToken)
        && await client.GetInstanceAsync(IssueRef.Parse(wanted.Issue).InstanceId, getInputsAndOutputs: true, cancellationToken) is { } begun
        && DoesWorkOf(begun, wanted.Work);

    /// <summary>A run of one stage only, or of an old command's logic, does not do what a delivery asks for; nor does a completion of an issue that is closed already, before a merge has closed it.</summary>
    private static bool DoesWorkOf(OrchestrationMetadata instance, WorkKind work) => instance.Name == OrchestratorOf(work) && work switch
    {
        WorkKind.Pipeline => InputOf(instance) is { Stage: StageNames.Auto, LegacyCommand.Length: 0, DryRun: false },
        WorkKind.CompletionByMerge => Read(instance.ReadInputAs<CompletionInput>) is { ByMerge: true },
        _ => true,
    };

    private static Task<bool> TryStartAsync(DurableTaskClient client, RedeliveryInput wanted, CancellationToken cancellationToken)
    {
        object input = wanted.Work == WorkKind.Pipeline
            ? new PipelineInput { Issue = wanted.Issue, Trigger = TriggerNames.Webhook, RequestId = wanted.RequestId }
            : new CompletionInput { Issue = wanted.Issue, RequestId = wanted.RequestId, ByMerge = wanted.Work == WorkKind.CompletionByMerge };
        return TryScheduleAsync(client, OrchestratorOf(wanted.Work), IssueRef.Parse(wanted.Issue).InstanceId, input, WhileOn, cancellationToken);
    }

    private static async Task<bool> TryScheduleAsync(
        DurableTaskClient client,
        string orchestrator,
        string instanceId,
        object input,
        OrchestrationRuntimeStatus[] dedupe,
        CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestrator, input, new StartOrchestrationOptions(instanceId).WithDedupeStatuses(dedupe), cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    private static PipelineInput? InputOf(OrchestrationMetadata? instance) =>
        instance?.Name == nameof(IssuePipeline) ? Read(instance.ReadInputAs<PipelineInput>) : null;

    private static string OrchestratorOf(WorkKind work) => work == WorkKind.Pipeline ? nameof(IssuePipeline) : nameof(IssueCompletion);

    private static bool IsOf(OrchestrationMetadata instance, string requestId) => instance.Name switch
    {
        nameof(IssuePipeline) => Read(instance.ReadInputAs<PipelineInput>)?.RequestId == requestId,
        nameof(IssueCompletion) => Read(instance.ReadInputAs<CompletionInput>)?.RequestId == requestId,
        _ => false,
    };

    private static bool HasFailed(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed => Read(instance.ReadOutputAs<PipelineResult>)?.Outcome is "failed" or "critical",
        OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated => true,
        _ => false,
    };

    /// <summary>What another version of the application has written may be unreadable: then it is not known, and the issue's state decides.</summary>
    private static T? Read<T>(Func<T?> read)
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
        [LoggerMessage(201, LogLevel.Information, "A run of {Issue} is on: delivery {DeliveryId} waits for it to end")]
        public static partial void RunIsOn(ILogger logger, string issue, string deliveryId);
    }
}

/// <param name="IsSettled">A run has begun that knows of the delivery; otherwise an older run is still on.</param>
/// <param name="Detail">For people.</param>
public sealed record StartWorkResult(bool IsSettled, string Detail);

/// <summary>What became of a delivery that asks for work.</summary>
/// <param name="InstanceId">The durable instance that takes care of it.</param>
/// <param name="IsRepeated">The same delivery was taken care of before: nothing was started.</param>
/// <param name="Detail">For people.</param>
public sealed record DeliveryStart(string InstanceId, bool IsRepeated, string Detail);

/// <summary>What became of a start whose parameters matter.</summary>
/// <param name="Started">The run has this caller's own input.</param>
/// <param name="Other">The input of the run that is on instead; null when started, or when another kind of work is on.</param>
/// <param name="HasSameParameters">The run that is on does just what this caller wanted.</param>
public sealed record ManualStart(bool Started, PipelineInput? Other, bool HasSameParameters);
