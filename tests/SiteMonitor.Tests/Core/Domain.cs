using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core;

/// <summary>What most tests of the domain share: all of it immutable.</summary>
internal static class Domain
{
    public static SpecialistCatalogue Catalogue => CatalogueLoader.BuiltIn;

    public static GuidanceMarkers Markers { get; } = new("the key of these tests");

    public static PlanContext Context { get; } = new(CatalogueLoader.BuiltIn, Markers);
}
