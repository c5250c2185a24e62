using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

/// <summary>Names as a model returns them.</summary>
internal static class Quotes
{
    /// <summary>The same quotes for every kind.</summary>
    public static NamedEntities Everywhere(params string[] quotes) => new() { Organisations = quotes, ThreatActors = quotes, People = quotes, Places = quotes };
}
