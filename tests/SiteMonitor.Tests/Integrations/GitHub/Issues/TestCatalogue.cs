using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

internal static class TestCatalogue
{
    public static SpecialistCatalogue Value { get; } = new([Specialist("intelligence-analyst", "Intelligence Analyst"), Specialist("osint-researcher", "OSINT Researcher")], "test");

    private static Specialist Specialist(string label, string name) => new()
    {
        Label = label,
        Name = name,
        Description = $"Does the work of {name}.",
        Rules = [new SpecialistRule([label], ["threat", label], 1, 0.7)],
        Deliverable = new Deliverable("Report", "docs/<slug>.md", "templates/report.md", ["Summary"], ["Sources"]),
        Quality = new QualityBar(0.7, 800, ExecutiveSummary: true, Recommendations: true, Sources: true),
    };
}
