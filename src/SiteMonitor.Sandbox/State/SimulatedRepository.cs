using System.Collections.Immutable;
using System.Globalization;

namespace SiteMonitor.Sandbox.State;

internal sealed record SimulatedRepository
{
    public required long Id { get; init; }

    public required string Owner { get; init; }

    public required string Name { get; init; }

    public required ImmutableArray<SimulatedLabel> Labels { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last number used, for issues and pull requests together.</summary>
    public int LastNumber { get; init; }

    /// <summary>Name at creation; null if it was never renamed.</summary>
    public string? OriginalName { get; init; }

    public bool IsArchived { get; init; }

    public bool AreIssuesDisabled { get; init; }

    public string FullName => $"{Owner}/{Name}";

    /// <summary>Identifies the repository for its whole life: the first full name, in lower case.</summary>
    public string Key => $"{Owner}/{OriginalName ?? Name}".ToLowerInvariant();

    public string GraphId => NodeId.Of("R_kgDO", Id.ToString(CultureInfo.InvariantCulture));

    public SimulatedLabel? FindLabel(string name) => Labels.FirstOrDefault(l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

internal sealed record SimulatedLabel(long Id, string Name, string Color, string Description)
{
    public string NodeIdIn(SimulatedRepository repository) => NodeId.Of("LA_kwDO", $"{repository.Id}:{Id}");
}
