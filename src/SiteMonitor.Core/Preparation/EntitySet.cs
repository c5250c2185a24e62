namespace SiteMonitor.Core.Preparation;

/// <summary>Named entities found in an issue's text, in the order they appear: neutralised, each once, bounded in length and number.</summary>
public sealed record EntitySet
{
    public static EntitySet Empty { get; } = new();

    public IReadOnlyList<string> Organisations { get; init; } = [];

    public IReadOnlyList<string> ThreatActors { get; init; } = [];

    /// <summary>Lower case, written so that nobody can click on them: <c>example[.]com</c>.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary><c>CVE-2024-12345</c>.</summary>
    public IReadOnlyList<string> Cves { get; init; } = [];

    public IReadOnlyList<string> People { get; init; } = [];

    public IReadOnlyList<string> Places { get; init; } = [];

    public bool IsEmpty => GetGroups().All(group => group.Names.Count == 0);

    /// <summary>The groups with the headings guidance uses. Domains stand in code spans: elsewhere <c>[.]</c> is a link once the text defines what <c>[.]</c> leads to.</summary>
    public IEnumerable<(string Heading, IReadOnlyList<string> Names)> GetGroups() =>
    [
        ("Organisations", Organisations),
        ("Threat actors", ThreatActors),
        ("Domains", [.. Domains.Select(domain => $"`{domain}`")]),
        ("Vulnerabilities", Cves),
        ("People", People),
        ("Places", Places),
    ];
}
