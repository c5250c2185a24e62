using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Ledger;

/// <summary>The stages of a run in 24 bytes: of the usual two, each is one number.</summary>
internal readonly struct PackedStages
{
    private const int MsShift = 12;
    private const long MaxMs = long.MaxValue >> MsShift;

    private readonly StageRecord[]? _unusual;
    private readonly long _first;
    private readonly long _second;

    public PackedStages(IReadOnlyList<StageRecord> stages)
    {
        if (stages.Count > 2 || stages.Any(stage => stage.Ms is < 0 or > MaxMs))
        {
            _unusual = [.. stages];
            return;
        }

        (_first, _second) = (stages.Count > 0 ? Pack(stages[0]) : 0, stages.Count > 1 ? Pack(stages[1]) : 0);
    }

    public IReadOnlyList<StageRecord> Unpack() => this switch
    {
        { _unusual: { } stages } => stages,
        { _first: 0 } => [],
        { _second: 0 } => [Unpack(_first)],
        _ => [Unpack(_first), Unpack(_second)],
    };

    // The stage is stored plus one, so that no stage is 0.
    private static long Pack(StageRecord stage) =>
        (stage.Ms << MsShift) | ((long)stage.Outcome << 8) | ((long)stage.Logic << 4) | ((long)stage.Stage + 1);

    private static StageRecord Unpack(long stage) =>
        new((Stage)((stage & 0xF) - 1), (Logic)((stage >> 4) & 0xF), (RunOutcome)((stage >> 8) & 0xF), stage >> MsShift);
}
