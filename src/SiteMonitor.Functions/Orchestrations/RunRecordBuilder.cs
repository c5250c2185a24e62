using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Collects the ledger record of a run.</summary>
internal sealed class RunRecordBuilder(PipelineInput input, string runId, RunClock clock)
{
    private readonly List<StageRecord> _stages = [];
    private RouteDecision? _route;
    private IReadOnlyList<string> _specialists = [];
    private string _inputHash = string.Empty;
    private string _authorKey = string.Empty;
    private IReadOnlyList<string>? _labelsAfter;
    private LabelEffect _effect = LabelEffect.None;
    private string _commentNodeId = string.Empty;
    private bool _manualIntervention;
    private bool _textLost;

    public string RunId => runId;

    /// <summary>The issue's labels when the run first read it; null before that.</summary>
    public IReadOnlyList<string>? LabelsBefore { get; private set; }

    /// <summary>The unified analysis of this run; null when it made none.</summary>
    public AnalysisDecision? Analysis { get; private set; }

    public void Add(ReadIssueResult issue)
    {
        (_inputHash, _authorKey) = (issue.InputHash, issue.AuthorKey);
        LabelsBefore = _labelsAfter = issue.Facts.Labels;
    }

    /// <summary>Notes that an activity failed which may have changed the labels.</summary>
    public void ForgetLabels() => _labelsAfter = null;

    public void Add(RouteDecision route) => _route = route;

    public void Add(StageRecord stage) => _stages.Add(stage);

    public void Add(StageResult result)
    {
        Analysis = result.Analysis ?? Analysis;
        _specialists = result.Specialists.Count > 0 ? result.Specialists : _specialists;
        _inputHash = result.InputHash.Length > 0 ? result.InputHash : _inputHash;
        _labelsAfter = result.Labels;
        _effect = _effect.Then(result.Effect);
        _commentNodeId = result.CommentNodeId.Length > 0 ? result.CommentNodeId : _commentNodeId;
        _manualIntervention |= result.ManualIntervention;
        _textLost |= result.TextLost;
    }

    public RunRecord Build(RunResult result, Usage usage)
    {
        // A run that lost text is critical, however it ended.
        RunResult recorded = _textLost
            ? new RunResult(RunOutcome.Critical, "text-lost",
                "A person's edit of the issue was overwritten and could not be restored: see the issue's edit history.")
            : result;
        return new RunRecord
        {
            Kind = RunKind.Run,
            RunId = runId,
            Issue = input.Issue,
            Trigger = input.Trigger,
            RequestedStage = input.Stage,
            Stages = [.. _stages],
            Route = _route?.Route,
            RouteReason = _route?.Reason ?? string.Empty,
            FlagsRevision = _route?.FlagsRevision ?? string.Empty,
            Phase = _route?.Phase ?? string.Empty,
            InputHash = _inputHash,
            AuthorKey = _authorKey,
            FromBacklog = input.FromBacklog,
            Outcome = recorded.Outcome,
            ReasonCode = recorded.Code,
            Reason = recorded.Reason,
            Specialists = _specialists,
            ContentType = Analysis?.ContentType ?? string.Empty,
            ManualIntervention = _manualIntervention,
            LabelsBefore = LabelsBefore,
            LabelsAdded = LabelsBefore is null ? null : _effect.Added,
            LabelsRemoved = LabelsBefore is null ? null : _effect.Removed,
            LabelsAfter = _labelsAfter,
            CommentNodeId = _commentNodeId,
            Usage = usage,
            DurationMs = clock.DurationMs,
            Started = clock.Started,
            Ended = clock.Now,
        };
    }

    /// <summary>Builds what a dry run answers.</summary>
    public static DryRunPlan BuildPlan(RunRecord record, IReadOnlyList<PlannedWrite> writes) => new()
    {
        Issue = record.Issue,
        Outcome = WireName.Of(record.Outcome),
        ReasonCode = record.ReasonCode,
        Reason = record.Reason,
        Route = record.Route is { } route ? WireName.Of(route) : string.Empty,
        RouteReason = record.RouteReason,
        Writes = writes,
    };
}
