using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>What our own writes did to an issue's labels, short-lived ones left out.</summary>
public sealed record LabelEffect(IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    private static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    public static LabelEffect None { get; } = new([], []);

    /// <summary>Returns what our change actually added and removed. A label that someone else added or removed is not included.</summary>
    /// <param name="change">The change that we wanted.</param>
    /// <param name="before">The labels before it.</param>
    /// <param name="after">The labels after it.</param>
    public static LabelEffect Of(IssueChange change, IReadOnlyList<string> before, IReadOnlyList<string> after) => new(
        [.. change.AddLabels.Except(WorkflowLabels.ShortLived, Comparer).Except(before, Comparer).Intersect(after, Comparer)],
        [.. change.RemoveLabels.Except(WorkflowLabels.ShortLived, Comparer).Intersect(before, Comparer).Except(after, Comparer)]);

    /// <summary>Returns the effect of both: a label that was added and removed again is in neither list.</summary>
    public LabelEffect Then(LabelEffect next) => new(
        [.. Added.Except(next.Removed, Comparer).Union(next.Added.Except(Removed, Comparer), Comparer)],
        [.. Removed.Except(next.Added, Comparer).Union(next.Removed.Except(Added, Comparer), Comparer)]);
}
