namespace SiteMonitor.Core.Rollout.Control;

/// <summary>What came of writing the flags of a transition.</summary>
/// <param name="Changed">Flags that were written now.</param>
/// <param name="Kept">Flags that somebody changed meanwhile and that were left alone.</param>
/// <param name="Problem">Why not all are written; empty when the transition is done.</param>
public sealed record TransitionResult(IReadOnlyList<FlagChange> Changed, IReadOnlyList<string> Kept, string Problem)
{
    public bool IsDone => Problem.Length == 0;

    /// <summary>Another change came in between; the rest is left to it.</summary>
    public bool IsSuperseded => Problem == FlagWriter.SupersededProblem;
}
