namespace SiteMonitor.Core.Specialists;

/// <summary>A catalogue, or everything that is wrong with its file.</summary>
public sealed record CatalogueLoadResult(SpecialistCatalogue? Catalogue, IReadOnlyList<CatalogueProblem> Problems)
{
    public bool IsValid => Catalogue is not null;
}
