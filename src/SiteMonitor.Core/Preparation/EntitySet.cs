namespace SiteMonitor.Core.Preparation;

/// <summary>Named entities that stand in an issue's text: sanitized, distinct, limited in length and number.</summary>
public sealed record EntitySet
{
    public static EntitySet Empty { get; } = new();

    public IReadOnlyList<string> Organisations { get; init; } = [];

    public IReadOnlyList<string> ThreatActors { get; init; } = [];

    /// <summary>Domains in lower case, defanged: <c>example[.]com</c>.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>IP addresses in lower case; of version 4 defanged: <c>192[.]0[.]2[.]1</c>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>CVE ids: <c>CVE-2024-12345</c>.</summary>
    public IReadOnlyList<string> Cves { get; init; } = [];

    public IReadOnlyList<string> People { get; init; } = [];

    public IReadOnlyList<string> Places { get; init; } = [];

    public bool IsEmpty => GetGroups().All(group => group.Names.Count == 0);

    /// <summary>Returns the entities by kind, with the kind's heading in the guidance.</summary>
    public IEnumerable<(string Heading, IReadOnlyList<string> Names)> GetGroups() =>
    [
        ("Organisations", Organisations),
        ("Threat actors", ThreatActors),
        ("Domains", Domains),
        ("Addresses", Addresses),
        ("Vulnerabilities", Cves),
        ("People", People),
        ("Places", Places),
    ];
}

/// <summary>
/// Names that the model claims to quote from an issue. Nothing of it may be shown before <see cref="EntityExtractor"/> has found it in the
/// text.
/// </summary>
public sealed record NamedEntities
{
    public required IReadOnlyList<string> Organisations { get; init; }

    public required IReadOnlyList<string> ThreatActors { get; init; }

    public required IReadOnlyList<string> People { get; init; }

    public required IReadOnlyList<string> Places { get; init; }
}
