namespace SiteMonitor.Core.Ledger;

/// <summary>The names of triggers in the ledger.</summary>
public static class TriggerNames
{
    public const string Webhook = "webhook";
    public const string Timer = "timer";
    public const string Manual = "manual";
    public const string Batch = "batch";
    public const string Command = "command";
    public const string Completion = "completion";

    /// <summary>Returns whether the trigger starts many issues, so that those handled already and unchanged are skipped.</summary>
    public static bool IsAutomatic(string trigger) => trigger is Webhook or Timer or Batch;
}
