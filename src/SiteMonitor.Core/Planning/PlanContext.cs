using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>What every plan needs besides the issue.</summary>
public sealed record PlanContext(SpecialistCatalogue Catalogue, GuidanceMarkers Markers);
