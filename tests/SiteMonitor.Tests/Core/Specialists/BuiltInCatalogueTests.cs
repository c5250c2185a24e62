using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Specialists;

public sealed class BuiltInCatalogueTests
{
    [Theory]
    [InlineData("intelligence-analyst", "Intelligence Analyst", 0.75, 1000, true, true, true)]
    [InlineData("osint-researcher", "OSINT Researcher", 0.70, 800, false, true, true)]
    [InlineData("target-profiler", "Target Profiler", 0.65, 750, true, false, true)]
    public void Each_Specialist_Has_Its_Quality_Bar(string label, string name, double confidence, int words, bool summary, bool recommendations, bool sources)
    {
        Specialist specialist = Find(label);

        Assert.Equal(name, specialist.Name);
        Assert.Equal(new QualityBar(confidence, words, summary, recommendations, sources), specialist.Quality);
        Assert.NotEmpty(specialist.Description);
        Assert.NotEmpty(specialist.Deliverable.Requirements);
    }

    [Theory]
    [InlineData("intelligence-analyst", 0, "intelligence,intelligence-analyst", "threat,analysis,intelligence,strategic", 1.0, 0.75)]
    [InlineData("intelligence-analyst", 1, "threat-assessment,strategic-analysis", "apt,campaign,threat-actor,geopolitical", 0.9, 0.70)]
    [InlineData("osint-researcher", 0, "osint,osint-researcher", "osint,reconnaissance,verification,research", 0.8, 0.70)]
    [InlineData("osint-researcher", 1, "reconnaissance,verification,digital-footprint", "digital footprint,social media,public records,investigate", 0.7, 0.65)]
    [InlineData("target-profiler", 0, "target-profiler,organizational-analysis", "target,organization,profile,stakeholder", 0.7, 0.65)]
    [InlineData("target-profiler", 1, "business-intelligence,stakeholder-analysis", "business,company,personnel,leadership", 0.6, 0.60)]
    public void Each_Rule_Is_As_Agreed(string label, int index, string triggers, string keywords, double weight, double minimum)
    {
        SpecialistRule rule = Find(label).Rules[index];

        Assert.Equal(triggers.Split(','), rule.TriggerLabels);
        Assert.Equal(keywords.Split(','), rule.Keywords);
        Assert.Equal((weight, minimum), (rule.Weight, rule.Minimum));
    }

    [Theory]
    [InlineData("intelligence-analyst", "docs/intelligence/<slug>-intelligence-report.md", "Executive summary|Threat landscape|Actor analysis|Capabilities|Intentions|Risk|Recommendations|Intelligence gaps")]
    [InlineData("osint-researcher", "docs/osint/<slug>-osint-profile.md", "Research summary|Digital footprint|Source verification|Information assessment|Research gaps|Collection recommendations")]
    [InlineData("target-profiler", "docs/profiles/<slug>-organizational-profile.md", "Executive summary|Overview|Key personnel|Business intelligence|Stakeholder network|Risk factors|Recommendations")]
    public void Each_Deliverable_Has_Its_Path_And_Sections(string label, string path, string sections)
    {
        Deliverable deliverable = Find(label).Deliverable;

        Assert.Equal(path, deliverable.PathPattern);
        Assert.Equal(sections.Split('|'), deliverable.Sections);
    }

    private static Specialist Find(string label) => CatalogueLoader.BuiltIn.Find(label)!;
}
