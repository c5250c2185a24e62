using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Ledger;

/// <summary>
/// Builds ledgers of odd values: every kind and outcome, unknown labels of version 1, failures before routing, starts out of order, undone
/// runs, and people who change a choice days later.
/// </summary>
internal static class OddLedger
{
    private static readonly string[] Codes = ["", "score-between", "score-low", "model-malformed", "model-refused", "analysis-switched-off",
        RunStatistics.TextLostCode, "github-node-gone", "text-swapped"];

    private static readonly string[][] Labels = [[], ["site-monitor"], ["osint-researcher"], ["site-monitor", "osint-researcher"],
        ["osint-researcher", "copilot-assigned"], ["needs-review", "site-monitor"], ["analyzing"]];

    /// <returns>In the order they are recorded, which is not that of their starts.</returns>
    public static IReadOnlyList<RunRecord> Create(int seed, int count, DateTimeOffset from, DateTimeOffset to)
    {
        Random random = new(seed);
        List<RunRecord> records = [];
        for (int i = 0; i < count; i++)
        {
            // Most come about in the order they started; some are hours or days late.
            double place = (double)i / count;
            double late = random.Next(10) == 0 ? random.NextDouble() * place : random.NextDouble() * 0.01 * place;
            DateTimeOffset started = from + ((to - from) * Math.Max(0, place - late));
            records.Add(records.Count > 0 && random.Next(8) == 0
                ? CreateFollowUp(i, records[random.Next(records.Count)], random)
                : CreateRun(i, started, random));
        }

        return records;
    }

    private static RunRecord CreateRun(int number, DateTimeOffset started, Random random)
    {
        RunOutcome outcome = Pick(random, Enum.GetValues<RunOutcome>());
        Logic? route = random.Next(9) == 0 ? null : random.Next(3) == 0 ? Logic.Legacy : Logic.Unified;
        bool isKnown = random.Next(5) > 0;
        RunKind kind = random.Next(6) > 0 ? RunKind.Run : Pick(random, [RunKind.Completion, RunKind.Command, RunKind.Heartbeat,
            RunKind.Comparison, RunKind.Note]);
        return new RunRecord
        {
            Version = isKnown ? RunRecord.CurrentVersion : 1,
            Kind = kind,
            RunId = $"odd-{number}",
            Issue = kind is RunKind.Heartbeat or RunKind.Command ? string.Empty : $"o/ö-{random.Next(3)}#{random.Next(number + 2)}",
            Trigger = "webhook",
            RequestedStage = kind == RunKind.Command ? Pick(random, ["process-issues", "assign-workflows"]) : StageNames.Auto,
            Stages =
            [
                .. Enum.GetValues<Stage>().Where(_ => random.Next(3) > 0).Select(stage => new StageRecord(
                    stage, random.Next(4) == 0 ? Logic.Legacy : route ?? Logic.Wait, outcome, random.Next(0, 70_001))),
            ],
            Route = route,
            Phase = route is null ? string.Empty : Pick(random, ["half", "full"]),
            Outcome = outcome,
            ReasonCode = outcome == RunOutcome.Succeeded ? string.Empty : Pick(random, Codes),
            Reason = random.Next(3) == 0 ? $"The best score is 0.{random.Next(100)}: „a person“ decides." : string.Empty,
            Specialists = random.Next(3) > 0 ? [.. Pick<string[]>(random, [["osint-researcher"], ["osint-researcher", "team-label"]])] : [],
            ContentType = Pick(random, ["", "threat report"]),
            ManualIntervention = random.Next(20) == 0,
            LabelsBefore = isKnown ? Pick(random, Labels) : null,
            LabelsAdded = isKnown ? Pick(random, Labels) : null,
            LabelsRemoved = isKnown ? Pick(random, Labels) : null,
            LabelsAfter = isKnown && random.Next(2) == 0 ? Pick(random, Labels) : null,
            Usage = random.Next(4) == 0 ? Usage.Zero : new Usage
            {
                GitHubReads = random.Next(9),
                GitHubWrites = random.Next(9),
                GitHubExtra = random.Next(3),
                ModelCalls = random.Next(3),
                PromptTokens = random.Next(100_000),
                CompletionTokens = random.Next(10_000),
                CacheHits = random.Next(2),
                CopilotSessions = random.Next(2),
                WaitMs = random.NextInt64(1L << 40),
                Dollars = random.Next(1, 99_999) / 1_000_000m,
            },
            DurationMs = random.NextInt64(120_000),
            Started = started,
            Ended = started.AddTicks(random.NextInt64(TimeSpan.FromHours(6).Ticks)),
        };
    }

    /// <summary>What becomes of an issue after its run, up to 20 days later; the window in which it counts is 14.</summary>
    private static RunRecord CreateFollowUp(int number, RunRecord run, Random random)
    {
        DateTimeOffset at = run.Ended.AddHours(random.Next(20 * 24));
        bool isUndo = random.Next(4) == 0;
        return new RunRecord
        {
            Kind = isUndo ? RunKind.Undo : RunKind.Outcome,
            RunId = $"odd-{number}",
            Issue = run.Issue,
            Trigger = isUndo ? "manual" : "webhook",
            Outcome = random.Next(5) == 0 ? RunOutcome.Failed : RunOutcome.Succeeded,
            ReasonCode = isUndo ? string.Empty : Pick(random, [OutcomeCodes.SpecialistChanged, OutcomeCodes.PullRequestClosed,
                OutcomeCodes.PullRequestMerged, OutcomeCodes.ManualIntervention]),
            Phase = run.Phase,
            Started = at,
            Ended = at,
        };
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
