using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Undo;

/// <summary>
/// The unified pipeline's writes on one issue, from the ledger: what an undo takes back, or why it leaves the issue alone.
/// </summary>
public sealed record IssueUndo
{
    /// <summary>Appended to an undo's run id by the record that says it failed.</summary>
    public const string FailedSuffix = ":failed";

    /// <summary>How far before the wanted time the ledger is read for earlier writes on the same issues.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(90);

    /// <summary>Set when the issue is left as it is; then nothing else counts.</summary>
    public Refusal? Refused { get; init; }

    /// <summary>When the first run began whose writes are taken back.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The last write of ours, a run or an earlier undo: since then nobody may have touched the issue.</summary>
    public required RunRecord Last { get; init; }

    /// <summary>Labels to put back.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Labels to take off.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Node ids of the comments that these runs wrote.</summary>
    public IReadOnlySet<string> Comments { get; init; } = new HashSet<string>();

    /// <summary>Whether to remove the guidance and Copilot's assignment.</summary>
    public bool IncludesPreparation { get; init; }

    /// <summary>Whether the assignment stays; then the comments about it stay too.</summary>
    public bool KeepsAnalysis { get; init; }

    /// <summary>Evaluates an issue's records.</summary>
    /// <param name="records">Runs, completions and undos of one issue, from <see cref="History"/> before <paramref name="since"/>.</param>
    /// <param name="since">Runs that ended since then are taken back.</param>
    /// <param name="stage">Only this stage's writes; for the analysis also what followed from it.</param>
    /// <returns>Null when the unified pipeline has not worked on the issue since then.</returns>
    public static IssueUndo? Evaluate(IEnumerable<RunRecord> records, DateTimeOffset since, Stage? stage)
    {
        RunRecord[] writes = [.. FindWrites(records).OrderBy(r => r.Ended)];
        RunRecord[] undone = [.. writes.Where(r => r.Kind == RunKind.Run && r.Ended >= since && RunsUnified(r))];
        undone = stage switch
        {
            Stage.Analysis => [.. undone.SkipWhile(r => !RunsUnified(r, Stage.Analysis))],
            Stage.Preparation => [.. undone.Where(r => RunsUnified(r, Stage.Preparation))],
            _ => undone,
        };
        if (undone.Length == 0)
        {
            return null;
        }

        LabelBalance labels = LabelBalance.Of(writes.Where(w => undone.Contains(w) || w.Kind == RunKind.Undo), stage == Stage.Preparation);
        return new IssueUndo
        {
            Refused = FindRefusal(writes, undone, stage),
            From = undone.Min(r => r.Started),
            Last = writes[^1],
            Added = labels.Removed,
            Removed = labels.Added,
            Comments = undone.Select(r => r.CommentNodeId).Where(id => id.Length > 0).ToHashSet(),
            IncludesPreparation = undone.Any(r => RunsUnified(r, Stage.Preparation)),
            KeepsAnalysis = stage == Stage.Preparation,
        };
    }

    /// <summary>Leaves out runs that changed nothing that lasts, and undos that failed.</summary>
    private static IEnumerable<RunRecord> FindWrites(IEnumerable<RunRecord> records)
    {
        RunRecord[] all = [.. records];
        HashSet<string> failed =
        [
            .. all.Where(r => r.Kind == RunKind.Undo && r.RunId.EndsWith(FailedSuffix, StringComparison.Ordinal))
                .Select(r => r.RunId[..^FailedSuffix.Length]),
        ];
        return all.Where(r => r.Kind switch
        {
            RunKind.Run => RunStatistics.IsCounted(r)
                || r.LabelsAdded?.Count > 0
                || r.LabelsRemoved?.Count > 0,
            RunKind.Completion => r.Outcome == RunOutcome.Succeeded,
            RunKind.Undo => r.Outcome == RunOutcome.Succeeded && !failed.Contains(r.RunId),
            _ => false,
        });
    }

    private static Refusal? FindRefusal(RunRecord[] writes, RunRecord[] undone, Stage? stage) => writes[^1] switch
    {
        { Kind: RunKind.Completion } => new Refusal(SkipCodes.Completed, "The issue is completed."),
        { Kind: RunKind.Undo } last when last.RequestedStage != StageNames.Preparation || stage == Stage.Preparation =>
            new Refusal(UndoCodes.AlreadyUndone, $"It was taken back at {last.Ended:u}."),
        _ when writes.Any(r => WroteByLegacy(r, undone[0].Started)) =>
            new Refusal(UndoCodes.LegacyWritten, "The legacy logic has written on it too: take its text and labels back by hand."),
        _ when undone.Any(r => r.LabelsBefore is null) =>
            new Refusal(UndoCodes.LabelsUnknown, "An older version recorded the run without its labels: take it back by hand."),
        _ => null,
    };

    // A legacy section that was there before is replaced by the unified one, and cannot be restored.
    private static bool WroteByLegacy(RunRecord run, DateTimeOffset from) => run.Kind == RunKind.Run
        && run.Stages.Any(s =>
            s is { Logic: Logic.Legacy, Outcome: RunOutcome.Succeeded } && (s.Stage == Stage.Preparation || run.Ended > from));

    private static bool RunsUnified(RunRecord run) => run.Stages.Any(s => s.Logic == Logic.Unified);

    private static bool RunsUnified(RunRecord run, Stage stage) => run.Stages.Any(s => s.Logic == Logic.Unified && s.Stage == stage);

    /// <summary>What several runs added and removed together; what one of them added and a later one removed is neither.</summary>
    private sealed class LabelBalance
    {
        private readonly List<string> _added = [];
        private readonly List<string> _removed = [];

        public IReadOnlyList<string> Added => _added;

        public IReadOnlyList<string> Removed => _removed;

        public static LabelBalance Of(IEnumerable<RunRecord> records, bool onlyPreparation)
        {
            LabelBalance balance = new();
            foreach (RunRecord record in records)
            {
                bool isUndo = record.Kind == RunKind.Undo;
                bool onlyReady = onlyPreparation && RunsUnified(record, Stage.Analysis);
                Count((record.LabelsAdded ?? []).Where(IsCounted), balance._added, balance._removed);
                Count((record.LabelsRemoved ?? []).Where(IsCounted), balance._removed, balance._added);

                // A run of both stages sets everything but this label for the analysis.
                bool IsCounted(string label) =>
                    !onlyReady || label.Equals(WorkflowLabels.CopilotAssigned, StringComparison.OrdinalIgnoreCase);

                void Count(IEnumerable<string> labels, List<string> to, List<string> from)
                {
                    foreach (string label in labels)
                    {
                        bool isReversed = from.RemoveAll(l => l.Equals(label, StringComparison.OrdinalIgnoreCase)) > 0;
                        if (!isReversed && !isUndo && !to.Contains(label, StringComparer.OrdinalIgnoreCase))
                        {
                            to.Add(label);
                        }
                    }
                }
            }

            return balance;
        }
    }
}
