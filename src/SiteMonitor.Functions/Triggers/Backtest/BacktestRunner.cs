using System.Collections.Concurrent;
using System.Diagnostics;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Planning;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Triggers.Comparison;

namespace SiteMonitor.Functions.Triggers.Backtest;

/// <summary>
/// Decides on past issues by the unified pipeline and by the legacy logic. Writes only to the analysis cache and the ledger.
/// </summary>
/// <remarks>The success history is not used, because it includes what became of these issues.</remarks>
public sealed class BacktestRunner(
    IAnalysisModel model, PlanContext context, AcceptedDifferenceRules accepted, RunRecorder recorder, TimeProvider time,
    SampleTimeLimits? limits = null)
{
    private const int MaxParallelism = 8;

    private readonly SampleTimeLimits _limits = limits ?? SampleTimeLimits.Default;

    public async Task<BacktestResponse> RunAsync(
        RepositoryRef repository, IReadOnlyList<IssueHistory> issues, CancellationToken cancellationToken)
    {
        ConcurrentBag<BacktestRow> rows = [];
        ConcurrentBag<BacktestProblem> problems = [];
        ConcurrentBag<DateTimeOffset> limitedUntil = [];
        long start = Stopwatch.GetTimestamp();
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_limits.End);
        ParallelOptions options = new() { MaxDegreeOfParallelism = MaxParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(issues, options, async (issue, _) =>
        {
            if (!limitedUntil.IsEmpty || Stopwatch.GetElapsedTime(start) >= _limits.LastStart)
            {
                return;
            }

            using CallMeter meter = CallMeter.Start();
            DateTimeOffset started = time.GetUtcNow();
            RunOutcome outcome = RunOutcome.Failed;
            try
            {
                CallResult<BacktestRow> decided = await DecideAsync(repository, issue, meter, timeout.Token);
                if (decided.Value is { } row)
                {
                    rows.Add(row);
                    outcome = row.Unified.Specialists.Count > 0 ? RunOutcome.Succeeded : RunOutcome.Waiting;
                }
                else if (decided.RetryAt is { } until)
                {
                    limitedUntil.Add(until);
                }
            }
            catch (PipelineException failure)
            {
                problems.Add(new BacktestProblem(issue.Number, failure.Message, meter.Total.Dollars, issue.CreatedAt));
            }
            catch (OperationCanceledException)
            {
                problems.Add(new BacktestProblem(issue.Number, "the model did not answer in time.", meter.Total.Dollars, issue.CreatedAt));
            }

            await RecordAsync(new IssueRef(repository, issue.Number), outcome, meter.Total, started);
        });
        return new BacktestResponse
        {
            Rows = [.. rows.OrderBy(r => r.Number)],
            Problems = [.. problems.OrderBy(p => p.Number)],
            RetryAt = limitedUntil.IsEmpty ? null : limitedUntil.Max(),
        };
    }

    private async Task<CallResult<BacktestRow>> DecideAsync(
        RepositoryRef repository, IssueHistory issue, CallMeter meter, CancellationToken cancellationToken)
    {
        IssueSnapshot opened = issue.CreateSnapshotAsOpened(repository, context.Catalogue);
        long start = Stopwatch.GetTimestamp();
        CallResult<ModelResult> analyzed =
            await model.AnalyzeAsync(AnalysisTextSelector.From(opened, context.Markers), context.Catalogue, cancellationToken);
        if (analyzed.Value is not { } answer)
        {
            return analyzed.AsRateLimited<ModelResult, BacktestRow>();
        }

        AnalysisDecision unified = Scoring.Decide(answer, opened.Labels, context.Catalogue, SuccessHistory.None);
        long elapsedMs = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        LegacyDecision legacy = LegacyAnalysis.Decide(opened, context.Catalogue, context.Markers);
        return CallResult<BacktestRow>.Ok(new BacktestRow
        {
            Number = issue.Number,
            CreatedAt = issue.CreatedAt,
            Right = issue.FindHumanDecision(context.Catalogue),
            Unified = new BacktestChoice(unified.ReasonCode, unified.Specialists),
            Legacy = new BacktestChoice(legacy.IsUnmatched ? SideDecision.UnmatchedOutcome : "matched", legacy.Specialists),
            Difference = Compare(opened, unified, legacy),
            Scores = [.. unified.Scores.Select(s => new BacktestScore(s.Label, s.Score, s.Confidence))],
            Dollars = meter.Total.Dollars,
            ModelCalls = meter.Total.ModelCalls,
            Tokens = meter.Total.PromptTokens + meter.Total.CompletionTokens,
            DurationMs = elapsedMs,
        });
    }

    private DifferenceClassification Compare(IssueSnapshot opened, AnalysisDecision unified, LegacyDecision legacy)
    {
        Stage[] stages = [Stage.Analysis, Stage.Preparation];
        return Comparer.Compare(
            opened.Ref,
            opened.CreatedAt,
            RunSimulator.SimulateUnified(context, opened, stages, unified, durationMs: 0),
            RunSimulator.SimulateLegacy(context, opened, stages, legacy, durationMs: 0),
            accepted.Rules).Class;
    }

    /// <summary>Records the model's cost and the decision, even if the request was cancelled.</summary>
    /// <remarks>
    /// The plan's cost limit and the guard's expected hand-over rate use these records. A call to the model that is under way when the
    /// request is cancelled is not in them: its answer is cached, and its cost is lost.
    /// </remarks>
    private async Task RecordAsync(IssueRef issue, RunOutcome outcome, Usage usage, DateTimeOffset started)
    {
        bool isBuiltIn = issue.Repository.ToString().Equals(ExportFile.EvaluationSetRepository, StringComparison.OrdinalIgnoreCase);
        if (usage.ModelCalls == 0 && (isBuiltIn || outcome == RunOutcome.Failed))
        {
            return;
        }

        string prefix = isBuiltIn ? "backtest-set:" : RunRecord.BacktestIdPrefix;
        RunRecord record = new()
        {
            Kind = RunKind.Comparison,
            RunId = $"{prefix}{Guid.NewGuid():N}",
            Issue = issue.Canonical,
            Trigger = TriggerNames.Manual,
            Outcome = outcome,

            // A cached answer costs nothing and would lower the average cost of an issue.
            Usage = usage.ModelCalls > 0 ? usage : Usage.Zero,
            Started = started,
            Ended = time.GetUtcNow(),
        };
        await recorder.AppendAsync(record, CancellationToken.None);
    }
}
