using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Functions.Starting;

/// <summary>How far a dry run has come.</summary>
/// <param name="Plan">Set when it has ended well.</param>
/// <param name="HasFailed">It has ended without a plan.</param>
/// <param name="Detail">For people.</param>
public sealed record DryRunState(DryRunPlan? Plan, bool HasFailed, string Detail);
