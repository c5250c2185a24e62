using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Functions.Activities;

/// <summary>What the comparing step is given.</summary>
/// <param name="RunId">The comparison's id: one a run, however often the step runs.</param>
/// <param name="Phase">The rollout phase the run was decided in.</param>
/// <param name="Stages">The stages the run has to do.</param>
public sealed record CompareSidesInput(string RunId, string Phase, IReadOnlyList<Stage> Stages) : ActivityInput;
