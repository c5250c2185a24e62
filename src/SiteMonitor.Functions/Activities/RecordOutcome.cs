using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Outcomes;
using SiteMonitor.Core.Planning;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>Records in the ledger what an event shows about an issue's runs. Repeated calls write it once.</summary>
public sealed class RecordOutcome(ActivityExecutor executor, IRunLedger ledger, RunRecorder recorder, PlanContext context)
{
    [Function(nameof(RecordOutcome))]
    public Task<ActivityResult<RecordOutcomeResult>> RunAsync(
        [ActivityTrigger] RecordOutcomeInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(RecordOutcome), input.Issue, async () =>
        {
            string prefix = $"outcome:{input.RequestId}:{input.Issue}:";
            List<RunRecord> records = await ledger
                .QueryAsync(new LedgerQuery(From: input.ReceivedAt - SuccessHistory.Window, Issue: input.Issue), cancellationToken)
                .Where(r => !r.RunId.StartsWith(prefix, StringComparison.Ordinal))
                .ToListAsync(cancellationToken);
            IReadOnlyList<ObservedOutcome> outcomes =
                OutcomeEvaluator.Evaluate(input.Event, [.. records.OrderBy(r => r.Ended)], context.Catalogue);
            foreach (ObservedOutcome outcome in outcomes)
            {
                await recorder.AppendAsync(CreateRecord(input, prefix, outcome), cancellationToken);
            }

            return CallResult<RecordOutcomeResult>.Ok(new RecordOutcomeResult([.. outcomes.Select(o => o.Code)]));
        });

    private static RunRecord CreateRecord(RecordOutcomeInput input, string prefix, ObservedOutcome outcome) => new()
    {
        Kind = RunKind.Outcome,
        RunId = outcome.Code == OutcomeCodes.ManualIntervention ? InterventionRecorder.GetRecordId(outcome.Run) : prefix + outcome.Code,
        Issue = input.Issue,
        Trigger = TriggerNames.Webhook,
        Outcome = RunOutcome.Succeeded,
        ReasonCode = outcome.Code,
        Specialists = outcome.Specialists,
        Phase = outcome.Run.Phase,

        // The ledger knows a record again by its id within a day: this one's may come from two sides, the other perhaps tomorrow.
        Started = outcome.Code == OutcomeCodes.ManualIntervention ? outcome.Run.Ended : input.ReceivedAt,
        Ended = input.ReceivedAt,
    };
}

/// <param name="RequestId">GitHub's delivery id.</param>
/// <param name="Event">What people did.</param>
/// <param name="ReceivedAt">When the delivery arrived (UTC).</param>
public sealed record RecordOutcomeInput(string RequestId, IssueEvent Event, DateTimeOffset ReceivedAt) : ActivityInput;

/// <param name="Codes">What was recorded: codes of <see cref="OutcomeCodes"/>.</param>
public sealed record RecordOutcomeResult(IReadOnlyList<string> Codes);
