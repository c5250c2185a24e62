namespace SiteMonitor.Core.Comparison;

/// <summary>A rule that accepts a difference as a documented improvement.</summary>
/// <param name="Id">Stable id, kebab-case.</param>
/// <param name="Field">The field that differs.</param>
/// <param name="Side">The side that has the item.</param>
/// <param name="Item">The item; a <c>*</c> at the beginning or the end matches any characters.</param>
/// <param name="Reason">Why it is accepted, as display text.</param>
public sealed record AcceptedDifference(string Id, ComparedField Field, DifferenceSide Side, string Item, string Reason)
{
    public bool Accepts(Difference difference) =>
        difference.Field == Field && (Side == DifferenceSide.Any || Side == SideOf(difference)) && Matches(difference.Item);

    private static DifferenceSide SideOf(Difference difference) => (difference.Unified.Length, difference.Legacy.Length) switch
    {
        (_, 0) => DifferenceSide.Unified,
        (0, _) => DifferenceSide.Legacy,
        _ => DifferenceSide.Both,
    };

    private bool Matches(string item) => (Item.StartsWith('*'), Item.EndsWith('*')) switch
    {
        _ when Item == "*" => true,
        (true, true) => item.Contains(Item[1..^1], StringComparison.OrdinalIgnoreCase),
        (true, false) => item.EndsWith(Item[1..], StringComparison.OrdinalIgnoreCase),
        (false, true) => item.StartsWith(Item[..^1], StringComparison.OrdinalIgnoreCase),
        _ => item.Equals(Item, StringComparison.OrdinalIgnoreCase),
    };
}

/// <summary>The rules for accepted differences that apply: the built-in ones, or the team's.</summary>
public sealed record AcceptedDifferenceRules(IReadOnlyList<AcceptedDifference> Rules);
