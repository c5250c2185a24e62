namespace SiteMonitor.Core.Analysis;

/// <summary>How a question to the model ended. What it cost is on the current <see cref="Metering.CallMeter"/>.</summary>
/// <param name="Status">Whether there is an answer.</param>
/// <param name="Analysis">Set when answered.</param>
/// <param name="Detail">For people, when there is none: the refusal, or what was wrong with the answer.</param>
public sealed record ModelResult(ModelResultStatus Status, ModelAnalysis? Analysis, string Detail = "");
