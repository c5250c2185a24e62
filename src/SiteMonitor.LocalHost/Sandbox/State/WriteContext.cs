namespace SiteMonitor.LocalHost.Sandbox.State;

/// <summary>Who writes, by which way, with which request.</summary>
internal sealed record WriteContext(Account By, string Via, long Request);
