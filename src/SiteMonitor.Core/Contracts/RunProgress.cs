namespace SiteMonitor.Core.Contracts;

/// <summary>What a run does just now: the durable instance's custom status.</summary>
/// <param name="Step">The activity's name.</param>
/// <param name="Detail">For people: what the step does, or until when it waits.</param>
/// <param name="Since">UTC.</param>
public sealed record RunProgress(string Step, string Detail, DateTimeOffset Since);
