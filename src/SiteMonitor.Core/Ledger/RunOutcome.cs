namespace SiteMonitor.Core.Ledger;

public enum RunOutcome
{
    Succeeded,

    /// <summary>A person has to decide: needs-review, needs clarification, or a stage switched off without fallback.</summary>
    Waiting,
    Skipped,

    /// <summary>The legacy rules matched no specialist.</summary>
    Unmatched,

    /// <summary>The kill switch fell before the write; the run began anew.</summary>
    Rerouted,
    Failed,

    /// <summary>The issue is in no legal state, or its text was lost.</summary>
    Critical,
}
