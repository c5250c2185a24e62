using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>The state that GitHub's workflows were last brought into, so that whoever changes phase or flags, here, in the portal or by the guard, the next minute brings them along.</summary>
/// <param name="FailedTries">How often in a row not all of them could be switched; 0 when they stand as wanted.</param>
public sealed record WorkflowMark(WorkflowMode Mode, int FailedTries = 0);
