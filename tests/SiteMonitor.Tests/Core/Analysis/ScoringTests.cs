using System.Text.Json;
using SiteMonitor.Core.Analysis;

namespace SiteMonitor.Tests.Core.Analysis;

public sealed class ScoringTests
{
    private const string Analyst = "intelligence-analyst";
    private const string Osint = "osint-researcher";
    private const string Profiler = "target-profiler";

    [Theory]
    [InlineData(0.80, AnalysisOutcome.Assign)]
    [InlineData(0.7999, AnalysisOutcome.NeedsReview)]
    [InlineData(0.60, AnalysisOutcome.NeedsReview)]
    [InlineData(0.5999, AnalysisOutcome.NeedsClarification)]
    [InlineData(0, AnalysisOutcome.NeedsClarification)]
    public void With_Nothing_But_Site_Monitor_The_Model_Alone_Decides(double confidence, AnalysisOutcome expected)
    {
        AnalysisDecision decision = Decide(Answer(osint: confidence), "site-monitor", "bug");

        Assert.Equal(expected, decision.Outcome);
        Assert.Equal(new SpecialistScore(Osint, confidence, confidence, null, null), decision.Scores.Single(s => s.Label == Osint));
    }

    [Fact]
    public void A_Trigger_Label_Weighs_For_Its_Specialist_And_Against_The_Others()
    {
        AnalysisDecision decision = Decide(Answer(analyst: 0.85, osint: 0.75), "site-monitor", "OSINT");

        // 0.7 × 0.75 + 0.2 × 1 = 0.725; 0.7 × 0.85 = 0.595; both over 0.9
        Assert.Equal([Osint], decision.Specialists);
        Assert.Equal(0.8056, decision.Scores[0].Score);
        Assert.Equal((0.6611, (bool?)false), (decision.Scores[1].Score, decision.Scores[1].LabelMatch));
    }

    [Fact]
    public void History_Counts_From_Ten_Completed_Issues_Of_That_Content_Type()
    {
        SuccessHistory history = new(new Dictionary<(string, string), SuccessCount>
        {
            [(Osint, "domain-finding")] = new(10, 5),
            [(Analyst, "domain-finding")] = new(9, 0),
            [(Profiler, "other")] = new(50, 50),
        });

        AnalysisDecision decision = Scoring.Decide(Answer(analyst: 0.8, osint: 0.8, profiler: 0.8), ["site-monitor"], Domain.Catalogue, history);

        // (0.7 × 0.8 + 0.1 × 0.5) / 0.8
        Assert.Equal(0.7625, decision.Scores.Single(s => s.Label == Osint).Score);
        Assert.Equal([Analyst, Profiler], decision.Specialists);
        Assert.Null(decision.Scores.Single(s => s.Label == Profiler).SuccessRate);
    }

    [Fact]
    public void All_Three_Terms_Together_Have_The_Weights_Of_The_Specification()
    {
        SuccessHistory history = new(new Dictionary<(string, string), SuccessCount> { [(Osint, "domain-finding")] = new(20, 15) });

        AnalysisDecision decision = Scoring.Decide(Answer(osint: 0.9), ["osint"], Domain.Catalogue, history);

        Assert.Equal(0.905, decision.Scores[0].Score);
    }

    [Fact]
    public void Every_Specialist_From_The_Threshold_On_Is_Assigned_Best_First() =>
        Assert.Equal([Profiler, Analyst], Decide(Answer(analyst: 0.81, osint: 0.79, profiler: 0.95)).Specialists);

    [Fact]
    public void Candidates_Are_Named()
    {
        AnalysisDecision review = Decide(Answer(analyst: 0.7, osint: 0.65));

        Assert.Equal([Analyst, Osint], review.Candidates);
        Assert.Empty(review.Specialists);
    }

    [Theory]
    [InlineData(0.5, 0.1)]
    [InlineData(0.59, 0.55)]
    [InlineData(0.45, 0.3)]
    [InlineData(0.3, 0.0)]
    [InlineData(0.0, 0.0)]
    public void A_Label_Is_Advised_If_And_Only_If_Adding_It_Changes_The_Outcome(double analyst, double osint)
    {
        ModelAnalysis answer = Answer(analyst: analyst, osint: osint);

        AnalysisDecision unclear = Decide(answer);

        Assert.Equal(AnalysisOutcome.NeedsClarification, unclear.Outcome);
        string[] all = [.. Domain.Catalogue.Specialists.SelectMany(s => s.Rules).SelectMany(r => r.TriggerLabels).Distinct().Except(Domain.Catalogue.Labels)];
        Assert.All(all, label => Assert.Equal(unclear.HelpfulLabels.Contains(label), Decide(answer, label).Outcome != AnalysisOutcome.NeedsClarification));
        Assert.DoesNotContain(unclear.HelpfulLabels, Domain.Catalogue.Labels.Contains);
    }

    [Fact]
    public void A_Label_That_Is_On_The_Issue_Is_Not_Advised_Again()
    {
        AnalysisDecision unclear = Decide(Answer(analyst: 0.3, osint: 0.55), "threat-assessment");

        Assert.Equal(AnalysisOutcome.NeedsClarification, unclear.Outcome);
        Assert.Contains("osint", unclear.HelpfulLabels);
        Assert.DoesNotContain("threat-assessment", unclear.HelpfulLabels);
    }

    [Theory]
    [InlineData(ModelResultStatus.Refused, "model-refused")]
    [InlineData(ModelResultStatus.Malformed, "model-malformed")]
    public void Without_A_Usable_Answer_A_Person_Chooses_And_The_Models_Words_Go_Nowhere(ModelResultStatus status, string code)
    {
        AnalysisDecision decision = Scoring.Decide(new ModelResult(status, null, "@everyone I cannot"), [], Domain.Catalogue, SuccessHistory.None);

        Assert.Equal(AnalysisOutcome.NeedsReview, decision.Outcome);
        Assert.Equal(code, decision.ReasonCode);
        Assert.Empty(decision.Candidates);
        Assert.DoesNotContain("everyone", JsonSerializer.Serialize(decision), StringComparison.Ordinal);
    }

    [Fact]
    public void Confidences_Out_Of_Range_Or_Missing_Are_Bounded()
    {
        ModelAnalysis answer = Answer() with { Confidences = new Dictionary<string, double> { [Osint] = double.NaN, [Profiler] = 7, ["stranger"] = 1 } };

        IReadOnlyList<SpecialistScore> scores = Scoring.Score(answer, [], Domain.Catalogue, SuccessHistory.None);

        Assert.Equal((Profiler, 1.0), (scores[0].Label, scores[0].Score));
        Assert.Equal(Domain.Catalogue.Specialists.Select(s => s.Label).Except([Profiler]).Order(), scores.Skip(1).Where(s => s.Score == 0).Select(s => s.Label).Order());
    }

    [Fact]
    public void What_The_Model_Wrote_Is_Neutralised_And_Short_And_Not_Part_Of_The_Stored_Decision()
    {
        ModelAnalysis answer = Answer(osint: 0.9) with
        {
            Summary = $"Fixes #1 @octocat <!-- x --> https://evil.example/ {new string('a', 5000)}",
            KeyTopics = [.. Enumerable.Range(0, 100).Select(i => $"topic {i} {new string('b', 500)}")],
            ContentType = "Domain Finding!",
        };

        AnalysisDecision decision = Decide(answer);
        AnalysisDecision? again = JsonSerializer.Deserialize<AnalysisDecision>(JsonSerializer.Serialize(decision));

        Assert.DoesNotContain('#', decision.Summary);
        Assert.DoesNotContain('@', decision.Summary);
        Assert.True(decision.Summary.Length <= 300 && decision.KeyTopics.Count <= 8);
        Assert.Equal("domain-finding", decision.ContentType);
        AnalysisDecision stored = decision with { Summary = string.Empty, KeyTopics = [], Indicators = [] };
        Assert.Equivalent(stored, again, strict: true);
        Assert.Equivalent(decision, Scoring.AddTexts(again!, answer), strict: true);
        Assert.True(JsonSerializer.Serialize(decision).Length < 3_000);
    }

    private static AnalysisDecision Decide(ModelAnalysis answer, params string[] labels) => Scoring.Decide(answer, labels, Domain.Catalogue, SuccessHistory.None);

    private static ModelAnalysis Answer(double analyst = 0, double osint = 0, double profiler = 0) => new()
    {
        Summary = "A new domain was seen.",
        KeyTopics = ["domains"],
        Confidences = new Dictionary<string, double> { [Analyst] = analyst, [Osint] = osint, [Profiler] = profiler },
        Indicators = [],
        Urgency = Urgency.High,
        ContentType = "domain-finding",
    };
}
