namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>A measured value.</summary>
/// <param name="Value">Null without data.</param>
/// <param name="Sample">What it rests on.</param>
/// <param name="Text">For people, with unit.</param>
/// <param name="Detail">For people.</param>
/// <param name="IsComplete">False while the time it is to cover has not passed.</param>
public sealed record Measurement(double? Value, int Sample, string Text, string Detail, bool IsComplete = true);
