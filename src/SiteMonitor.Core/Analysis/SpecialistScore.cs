namespace SiteMonitor.Core.Analysis;

/// <summary>How well a specialist fits an issue.</summary>
/// <param name="Label">The specialist's label.</param>
/// <param name="Score">0 to 1, four digits: the weighted mean of the terms that apply.</param>
/// <param name="Confidence">The model's confidence, 0 to 1.</param>
/// <param name="LabelMatch">Whether one of its trigger labels is on the issue; null when the issue bears no trigger label of any specialist, so that the term does not apply.</param>
/// <param name="SuccessRate">Share of merged work for this content type; null when there is too little of it, so that the term does not apply.</param>
public sealed record SpecialistScore(string Label, double Score, double Confidence, bool? LabelMatch, double? SuccessRate);
