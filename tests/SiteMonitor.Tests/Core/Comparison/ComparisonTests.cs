using System.Text.Json;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Tests.Core.Planning;

namespace SiteMonitor.Tests.Core.Comparison;

public sealed class ComparisonTests
{
    private const string Osint = "osint-researcher";
    private static readonly Stage[] Both = [Stage.Analysis, Stage.Preparation];
    private static readonly IssueSnapshot Issue = IssueBuilder.Labelled("site-monitor", "analyzing", "urgent").WithBody("Contoso Ltd was seen in Berlin.").Build();

    [Fact]
    public void The_Same_Choice_Differs_Only_By_Documented_Improvements()
    {
        IssueComparison comparison = Compare(Unified(Osint), Legacy(Osint));

        Assert.Equal(DifferenceClassification.Accepted, comparison.Class);
        Assert.Equal(
            ["duration-is-a-gate-of-its-own", "guidance-has-focus-areas", "unified-assigns-copilot", "unified-marks-the-hand-over", "unified-takes-site-monitor-off"],
            comparison.Differences.Select(d => d.Rule).Order());
        Assert.All(comparison.Differences, d => Assert.NotEmpty(d.Reason));
    }

    [Fact]
    public void Another_Choice_Is_Unexplained_With_Field_And_Both_Values()
    {
        IssueComparison comparison = Compare(Unified(Osint), Legacy("target-profiler"));

        Assert.Contains(comparison.Differences, d => d is { Field: ComparedField.Specialists, Unified: Osint, Legacy: "", Class: DifferenceClassification.Unexplained });
        Assert.Contains(comparison.Differences, d => d is { Field: ComparedField.Labels, Unified: "", Legacy: "target-profiler", Class: DifferenceClassification.Unexplained });
        Assert.True(comparison.IsUnexplained);
    }

    [Fact]
    public void An_Unsure_Unified_Side_Is_Unexplained()
    {
        SideDecision unified = RunSimulator.SimulateUnified(Domain.Context, Issue, Both, Decisions.Review(Osint), 10);

        IssueComparison comparison = Compare(unified, Legacy(Osint));

        Assert.Contains(comparison.Differences, d => d is { Field: ComparedField.Outcome, Unified: "needs-review", Legacy: "assigned" });
        Assert.True(comparison.IsUnexplained);
    }

    [Fact]
    public void Different_Guidance_Under_The_Same_Heading_Is_Unexplained()
    {
        SideDecision legacy = Legacy(Osint);
        Dictionary<string, string> guidance = new(legacy.Guidance) { ["OSINT Researcher / Quality bar"] = "0123" };

        Difference difference = Assert.Single(
            Compare(Unified(Osint), legacy with { Guidance = guidance }).Differences, d => d.Class == DifferenceClassification.Unexplained);

        Assert.Equal((ComparedField.Guidance, "OSINT Researcher / Quality bar", "0123"), (difference.Field, difference.Item, difference.Legacy));
    }

    [Fact]
    public void Neither_Side_Is_Charged_With_The_Short_Lived_Label_Of_The_Acting_One()
    {
        Assert.Equal(["urgent", Osint, "copilot-assigned"], Unified(Osint).Labels);
        Assert.Equal(["site-monitor", "urgent", Osint], Legacy(Osint).Labels);
    }

    [Fact]
    public void Only_The_Preparation_Of_An_Assigned_Issue_Compares_Without_A_Decision()
    {
        IssueSnapshot assigned = IssueBuilder.Labelled(Osint).Build();

        IssueComparison comparison = Compare(
            RunSimulator.SimulateUnified(Domain.Context, assigned, [Stage.Preparation], null, 5),
            RunSimulator.SimulateLegacy(Domain.Context, assigned, [Stage.Preparation], null, 5));

        Assert.Equal("prepared", comparison.Legacy.Outcome);
        Assert.Equal(DifferenceClassification.Accepted, comparison.Class);
        Assert.DoesNotContain(comparison.Differences, d => d.Field == ComparedField.Duration);
    }

    [Fact]
    public void Only_The_Analysis_Compares_Without_Guidance()
    {
        IssueComparison comparison = Compare(
            RunSimulator.SimulateUnified(Domain.Context, Issue, [Stage.Analysis], Decisions.Assign(Osint), 5),
            RunSimulator.SimulateLegacy(Domain.Context, Issue, [Stage.Analysis], Match(Osint), 5));

        Assert.Equal("unified-takes-site-monitor-off", Assert.Single(comparison.Differences).Rule);
    }

    [Fact]
    public void Issues_The_Legacy_Rules_Leave_Unmatched_Are_Reported_Apart()
    {
        SideDecision unmatched = RunSimulator.SimulateLegacy(Domain.Context, Issue, Both, new LegacyDecision([]), 1);

        ConsistencyReport report = ConsistencyReport.Create([Compare(Unified(Osint), unmatched), Compare(Unified(Osint), Legacy(Osint), 13)]);

        Assert.Equal((1, 1, 0, 1.0), (report.Compared, report.Unmatched, report.Unexplained, report.Consistency));
    }

    [Fact]
    public void Consistency_Is_One_Less_The_Share_Of_Unexplained_Issues_And_The_Newest_Of_An_Issue_Counts()
    {
        IssueComparison[] comparisons =
        [
            Compare(Unified(Osint), Legacy("target-profiler"), 1),
            Compare(Unified(Osint), Legacy(Osint), 1) with { At = DateTimeOffset.UnixEpoch.AddDays(1) },
            Compare(Unified(Osint), Legacy("target-profiler"), 2),
            Compare(Unified(Osint), Legacy(Osint), 3),
            Compare(Legacy(Osint), Legacy(Osint), 4),
        ];

        ConsistencyReport report = ConsistencyReport.Create(comparisons);

        Assert.Equal((4, 1, 2, 1), (report.Compared, report.Equal, report.Accepted, report.Unexplained));
        Assert.Equal(0.75, report.Consistency);
        Assert.Null(ConsistencyReport.Create([]).Consistency);
    }

    [Fact]
    public void The_Renderings_List_Each_Discrepancy_With_Issue_Field_And_Both_Values()
    {
        ConsistencyReport report = ConsistencyReport.Create([Compare(Unified(Osint), Legacy("target-profiler")), Compare(Unified(Osint), Legacy(Osint), 13)]);

        string table = ConsistencyFormatter.ToTable(report);
        string markdown = ConsistencyFormatter.ToMarkdown(report);

        Assert.StartsWith("Consistency: 50.0 % (2 compared: 0 equal, 1 with accepted differences, 1 unexplained; 0 unmatched", table, StringComparison.Ordinal);
        Assert.Matches(@"acme/site#12 +unexplained +specialists +osint-researcher +osint-researcher +– +–\n", table);
        Assert.DoesNotContain("acme/site#13", table, StringComparison.Ordinal);
        Assert.Contains("| acme/site#12 | unexplained | labels | target-profiler | – | target-profiler | – |", markdown, StringComparison.Ordinal);
        Assert.Contains("- `unified-assigns-copilot`: ", markdown, StringComparison.Ordinal);
        ConsistencyReport again = JsonSerializer.Deserialize(ConsistencyFormatter.ToJson(report), ComparisonJson.Default.ConsistencyReport)!;
        Assert.Equivalent(report, again, strict: true);
    }

    [Fact]
    public void Unmatched_Issues_Have_Their_Own_Part_Of_The_Report()
    {
        SideDecision unmatched = RunSimulator.SimulateLegacy(Domain.Context, Issue, Both, new LegacyDecision([]), 1);

        string markdown = ConsistencyFormatter.ToMarkdown(ConsistencyReport.Create([Compare(Unified(Osint), unmatched)]));

        Assert.Contains("## Unmatched by the legacy rules\n\n- acme/site#12: unified: assigned", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("differences\n\n|", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Issue_Copilot_Has_Already_Is_Not_Given_It_Twice()
    {
        IssueSnapshot issue = IssueBuilder.Labelled(Osint).WithAssignees("mona", "Copilot").Build();

        Assert.Equal(["mona", "Copilot"], RunSimulator.SimulateUnified(Domain.Context, issue, [Stage.Preparation], null, 1).Assignees);
    }

    [Fact]
    public void A_Report_Without_Data_Says_So()
    {
        Assert.StartsWith("Consistency: no data (0 compared", ConsistencyFormatter.ToTable(ConsistencyReport.Create([])), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", ConsistencyFormatter.ToJson(ConsistencyReport.Create([])), StringComparison.Ordinal);
    }

    [Fact]
    public void No_Text_Of_The_Issue_Is_In_A_Comparison() =>
        Assert.DoesNotContain("Contoso", JsonSerializer.Serialize(Compare(Unified(Osint), Legacy(Osint)), ComparisonJson.Default.IssueComparison), StringComparison.Ordinal);

    private static IssueComparison Compare(SideDecision unified, SideDecision legacy, int number = 12) => Comparer.Compare(
        IssueRef.Parse($"acme/site#{number}"), DateTimeOffset.UnixEpoch, unified, legacy, AcceptedDifferences.BuiltIn);

    private static SideDecision Unified(params string[] specialists) => RunSimulator.SimulateUnified(Domain.Context, Issue, Both, Decisions.Assign(specialists), 120);

    private static SideDecision Legacy(params string[] specialists) => RunSimulator.SimulateLegacy(Domain.Context, Issue, Both, Match(specialists), 3);

    private static LegacyDecision Match(params string[] specialists) => new([.. specialists.Select(s => new LegacyMatch(s, 0.8, 1, [], []))]);
}
