using SiteMonitor.Core.Comparison;

namespace SiteMonitor.Tests.Core.Comparison;

public sealed class AcceptedDifferencesTests
{
    private const string Rule = """{ "id": "r", "field": "labels", "side": "any", "item": "x", "reason": "because" }""";

    [Theory]
    [InlineData("""{ "rules": [ null ] }""", "rules[0]: is null")]
    [InlineData("""{ "rules": [ { "field": "labels", "side": "any", "item": "x", "reason": "y" } ] }""", "rules[0]: id: is missing")]
    [InlineData("""{ "rules": [ { "id": "r", "side": "any", "item": "x", "reason": "y" } ] }""", "field: is missing")]
    [InlineData("""{ "rules": [ { "id": "r", "field": "labels", "item": "x", "reason": "y" } ] }""", "side: is missing")]
    [InlineData("""{ "rules": [ { "id": "r", "field": "labels", "side": "any", "reason": "y" } ] }""", "item: is missing")]
    [InlineData("""{ "rules": [ { "id": "r", "field": "labels", "side": "any", "item": "x", "reason": " " } ] }""", "reason: is missing")]
    [InlineData("""{ "rules": [ { "id": "r", "field": "labels", "side": "any", "item": "a*b", "reason": "y" } ] }""", "item: '*' may stand")]
    [InlineData("""{ "rules": [ { "id": "r", "field": "colour", "side": "any", "item": "x", "reason": "y" } ] }""", "rules[0].field")]
    [InlineData("""{ "rules": [ { "id": "r", "why": "y" } ] }""", "'why' is not a known member")]
    [InlineData("{}", "rules: is missing")]
    [InlineData("nonsense", "line 1")]
    public void A_Mistake_Is_Refused_With_File_Place_And_Reason(string json, string expected)
    {
        AcceptedDifferencesLoadResult load = AcceptedDifferences.Load(json, "rules.json");

        Assert.False(load.IsValid);
        string problem = Assert.Single(load.Problems);
        Assert.StartsWith("rules.json: ", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Same_Id_Twice_Is_Refused_And_No_Rules_At_All_Are_Fine()
    {
        Assert.Contains("twice", Assert.Single(AcceptedDifferences.Load($$"""{ "rules": [ {{Rule}}, {{Rule}} ] }""", "f").Problems), StringComparison.Ordinal);
        Assert.Empty(AcceptedDifferences.Load("""{ "rules": [] }""", "f").Rules!);
    }

    [Theory]
    [InlineData("copilot*", "copilot-swe-agent[bot]", true)]
    [InlineData("* / Focus areas", "OSINT Researcher / Focus areas", true)]
    [InlineData("* / Focus areas", "Focus areas", false)]
    [InlineData("*mid*", "a-mid-b", true)]
    [InlineData("*", "anything", true)]
    [InlineData("Exact", "exact", true)]
    [InlineData("exact", "exactly", false)]
    public void An_Item_Matches_By_Its_Beginning_Or_End(string pattern, string item, bool expected)
    {
        AcceptedDifference rule = new("r", ComparedField.Labels, DifferenceSide.Unified, pattern, "y");

        Assert.Equal(expected, rule.Accepts(new Difference(ComparedField.Labels, item, item, "", DifferenceClassification.Unexplained)));
    }

    [Theory]
    [InlineData(DifferenceSide.Unified, "a", "", true)]
    [InlineData(DifferenceSide.Unified, "", "a", false)]
    [InlineData(DifferenceSide.Legacy, "", "a", true)]
    [InlineData(DifferenceSide.Both, "a", "b", true)]
    [InlineData(DifferenceSide.Both, "a", "", false)]
    [InlineData(DifferenceSide.Any, "", "a", true)]
    public void A_Rule_Holds_For_Its_Side_Only(DifferenceSide side, string unified, string legacy, bool expected) =>
        Assert.Equal(expected, new AcceptedDifference("r", ComparedField.Guidance, side, "*", "y").Accepts(new Difference(ComparedField.Guidance, "x", unified, legacy, DifferenceClassification.Unexplained)));
}
