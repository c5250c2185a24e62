namespace SiteMonitor.Core.Ledger;

public enum RunKind
{
    Run,
    Completion,
    Command,
    Heartbeat,
}
