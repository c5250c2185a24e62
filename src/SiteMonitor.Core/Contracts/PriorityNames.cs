namespace SiteMonitor.Core.Contracts;

/// <summary>What a caller may ask for as priority.</summary>
public static class PriorityNames
{
    /// <summary>Issues labelled <c>urgent</c> come first.</summary>
    public const string Normal = "normal";

    /// <summary>A batch takes only issues labelled <c>urgent</c>.</summary>
    public const string Urgent = "urgent";

    public static IReadOnlyList<string> Known { get; } = [Normal, Urgent];
}
