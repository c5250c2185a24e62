using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Functions.Starting;

/// <summary>What became of a start whose parameters matter.</summary>
/// <param name="Started">The run has this caller's own input.</param>
/// <param name="Other">The input of the run that is on instead; null when started, or when another kind of work is on.</param>
/// <param name="HasSameParameters">The run that is on does just what this caller wanted.</param>
public sealed record ManualStart(bool Started, PipelineInput? Other, bool HasSameParameters);
