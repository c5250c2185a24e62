namespace SiteMonitor.Core.Specialists;

/// <summary>The specialists an issue can go to: data, validated at start-up.</summary>
public sealed record SpecialistCatalogue(IReadOnlyList<Specialist> Specialists, string Version)
{
    /// <summary>The specialist with this label, or null.</summary>
    public Specialist? Find(string label) => Specialists.FirstOrDefault(s => s.Label.Equals(label, StringComparison.OrdinalIgnoreCase));
}
