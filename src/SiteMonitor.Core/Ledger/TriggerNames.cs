namespace SiteMonitor.Core.Ledger;

/// <summary>What started a run, as the ledger writes it.</summary>
public static class TriggerNames
{
    public const string Webhook = "webhook";
    public const string Timer = "timer";
    public const string Manual = "manual";
    public const string Batch = "batch";
    public const string Command = "command";
    public const string Completion = "completion";

    /// <summary>Whether nobody asked for this very issue: such starts leave alone what was handled already and has not changed.</summary>
    public static bool IsAutomatic(string trigger) => trigger is Webhook or Timer or Batch;
}
