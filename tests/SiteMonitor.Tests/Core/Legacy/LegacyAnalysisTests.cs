using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Legacy;

public sealed class LegacyAnalysisTests
{
    [Fact]
    public void Confidence_Is_The_Weighted_Share_Of_Labels_And_Keywords()
    {
        LegacyDecision decision = Decide("Threat analysis: strategic intelligence", "", "intelligence", "intelligence-analyst");

        LegacyMatch match = Assert.Single(decision.Matches);
        Assert.Equal(("intelligence-analyst", 1.0, 1), (match.Label, match.Confidence, match.Rule));
        Assert.Equal(["threat", "analysis", "intelligence", "strategic"], match.MatchedKeywords);
    }

    [Theory]
    [InlineData("threat analysis", 0.8)]
    [InlineData("threat analysis intelligence", 0.9)]
    public void Part_Of_The_Keywords_Counts_For_Its_Share(string text, double confidence) =>
        Assert.Equal(confidence, Assert.Single(Decide(text, "", "intelligence", "intelligence-analyst").Matches).Confidence);

    [Fact]
    public void Below_The_Minimum_Nothing_Matches()
    {
        // 0.6 × 1/2 + 0.4 × 4/4 = 0.7, and the rule asks for 0.75.
        LegacyDecision decision = Decide("threat analysis intelligence strategic", "", "intelligence");

        Assert.True(decision.IsUnmatched);
        Assert.Empty(decision.Specialists);
    }

    [Fact]
    public void A_Full_Match_Reaches_A_Minimum_That_Equals_The_Weight() =>
        Assert.Equal(0.6, Assert.Single(Decide("business company", "personnel\nleadership", "business-intelligence", "stakeholder-analysis").Matches).Confidence);

    [Fact]
    public void The_Best_Rule_Of_A_Specialist_Counts_And_Every_Specialist_That_Matches_Is_Named()
    {
        string text = "threat analysis intelligence strategic apt campaign threat-actor geopolitical target organization profile stakeholder";

        LegacyDecision decision = Decide(
            text, "", "intelligence", "intelligence-analyst", "threat-assessment", "strategic-analysis", "target-profiler", "organizational-analysis");

        Assert.Equal([("intelligence-analyst", 1.0, 1), ("target-profiler", 0.7, 1)], decision.Matches.Select(m => (m.Label, m.Confidence, m.Rule)));
    }

    [Theory]
    [InlineData("An APT group", true)]
    [InlineData("an apt, seen", true)]
    [InlineData("(apt)", true)]
    [InlineData("a captured adapter, apt28, apt_x", false)]
    [InlineData("ünapt", false)]
    public void Keywords_Are_Whole_Words(string text, bool found) => Assert.Equal(found, WholeWordSearch.Contains(text, "apt"));

    [Fact]
    public void No_Phrase_At_All_Is_Not_Found() => Assert.False(WholeWordSearch.Contains("any text", " "));

    [Theory]
    [InlineData("their Digital Footprint.", true)]
    [InlineData("digital\r\n  footprint", true)]
    [InlineData("digital digital footprint", true)]
    [InlineData("digital, footprint", false)]
    [InlineData("digital footprints", false)]
    [InlineData("digitalfootprint", false)]
    [InlineData("digital", false)]
    public void A_Phrase_Is_Found_Across_White_Space(string text, bool found) => Assert.Equal(found, WholeWordSearch.Contains(text, "digital footprint"));

    [Fact]
    public void Our_Own_Guidance_Does_Not_Match_Its_Own_Keywords()
    {
        IssueSnapshot issue = IssueBuilder.Labelled("intelligence", "intelligence-analyst").WithTitle("x").WithBody("y").Build();
        IssueSnapshot guided = issue with { Body = GuidanceSection.Apply("y", "threat analysis intelligence strategic", issue.Ref, Domain.Markers) };

        Assert.True(LegacyAnalysis.Decide(guided, Domain.Catalogue, Domain.Markers).IsUnmatched);
    }

    [Fact]
    public void The_Decision_Survives_Serialisation()
    {
        LegacyDecision decision = Decide("threat analysis", "", "intelligence", "intelligence-analyst");

        string json = System.Text.Json.JsonSerializer.Serialize(decision);

        Assert.Equivalent(decision, System.Text.Json.JsonSerializer.Deserialize<LegacyDecision>(json), strict: true);
    }

    private static LegacyDecision Decide(string title, string body, params string[] labels) =>
        LegacyAnalysis.Decide(IssueBuilder.Labelled(labels).WithTitle(title).WithBody(body).Build(), CatalogueLoader.BuiltIn, Domain.Markers);
}
