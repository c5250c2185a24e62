using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Orders work so that no author can hold up the others.</summary>
public static class FairOrder
{
    /// <summary>Orders issues: urgent ones first, then round robin by author, each author's oldest issue first.</summary>
    public static IReadOnlyList<Candidate> Sort(IEnumerable<Candidate> candidates) => Sort(
        candidates,
        c => c.Labels.Contains(WorkflowLabels.Urgent, StringComparer.OrdinalIgnoreCase),
        c => c.Author,
        c => c.CreatedAt);

    /// <summary>Orders any work the same way.</summary>
    /// <param name="items">The work.</param>
    /// <param name="isUrgent">Whether it goes first.</param>
    /// <param name="author">Who caused it; compared ignoring case.</param>
    /// <param name="since">Since when it waits.</param>
    public static IReadOnlyList<T> Sort<T>(
        IEnumerable<T> items,
        Func<T, bool> isUrgent,
        Func<T, string> author,
        Func<T, DateTimeOffset> since) =>
    [
        .. items
            .GroupBy(item => (Urgent: isUrgent(item), Author: author(item).ToLowerInvariant()))
            .SelectMany(group => group.OrderBy(since).Select((item, turn) => (Item: item, group.Key.Urgent, Turn: turn)))
            .OrderByDescending(place => place.Urgent)
            .ThenBy(place => place.Turn)
            .ThenBy(place => since(place.Item))
            .Select(place => place.Item),
    ];
}
