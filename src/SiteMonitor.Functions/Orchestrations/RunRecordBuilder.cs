using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Collects what the ledger's record of a run needs.</summary>
internal sealed class RunRecordBuilder(PipelineInput input, string runId, RunClock clock)
{
    private readonly List<StageRecord> _stages = [];
    private RouteDecision? _route;
    private IReadOnlyList<string> _specialists = [];
    private string _inputHash = string.Empty;
    private bool _manualIntervention;
    private bool _textLost;

    public string RunId => runId;

    /// <summary>The unified analysis of this run; null when it made none.</summary>
    public AnalysisDecision? Analysis { get; private set; }

    public void Saw(ReadIssueResult issue) => _inputHash = issue.InputHash;

    public void Decided(RouteDecision route) => _route = route;

    public void Saw(StageResult answer)
    {
        Analysis = answer.Analysis ?? Analysis;
        _specialists = answer.Specialists.Count > 0 ? answer.Specialists : _specialists;
        _inputHash = answer.InputHash.Length > 0 ? answer.InputHash : _inputHash;
        _manualIntervention |= answer.ManualIntervention;
        _textLost |= answer.TextLost;
    }

    public void Ran(StageRecord stage) => _stages.Add(stage);

    /// <summary>A run that lost text is critical, however it ended.</summary>
    public RunResult Judge(RunResult end) => _textLost
        ? new RunResult(RunOutcome.Critical, "text-lost", "A person's edit of the issue's text was overwritten and could not be put back: see the issue's edit history.")
        : end;

    public RunRecord Close(RunResult end, Usage usage) => new()
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
        Outcome = end.Outcome,
        ReasonCode = end.Code,
        Reason = end.Reason,
        Specialists = _specialists,
        ContentType = Analysis?.ContentType ?? string.Empty,
        ManualIntervention = _manualIntervention,
        Usage = usage,
        DurationMs = clock.DurationMs,
        Started = clock.Started,
        Ended = clock.Now,
    };

    public DryRunPlan Plan(RunResult end, IReadOnlyList<PlannedWrite> writes) => new()
    {
        Issue = input.Issue,
        Outcome = WireName.Of(end.Outcome),
        ReasonCode = end.Code,
        Reason = end.Reason,
        Route = _route is { } route ? WireName.Of(route.Route) : string.Empty,
        RouteReason = _route?.Reason ?? string.Empty,
        Writes = writes,
    };
}
