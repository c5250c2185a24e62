namespace SiteMonitor.Functions.Activities;

/// <summary>The record is in the ledger.</summary>
public sealed record RecordRunResult(string RunId);
