using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Tests.Core.Preparation;

namespace SiteMonitor.Tests.Core.Planning;

public sealed class PlanTests
{
    private const string Osint = "osint-researcher";

    [Fact]
    public void The_Whole_Way_Of_An_Issue_Ends_Ready_With_One_Section_And_One_Comment()
    {
        IssueSnapshot issue = IssueBuilder.Labelled("site-monitor", "urgent").WithBody("Phishing at Contoso Ltd, CVE-2024-3094.").Build();

        issue = issue with { Labels = ["site-monitor", "urgent", "analyzing"] };
        NamedEntities names = Quotes.Everywhere() with { Organisations = ["Contoso Ltd", "Fabrikam Ltd"] };
        issue = Write(issue, PreparationPlanner.For(Domain.Context, issue, Decisions.Assign(Osint), names));
        Assert.Equal(["urgent", Osint, "processing"], issue.Labels);
        issue = Write(issue, LifecyclePlanner.Finish(Domain.Context, issue));
        Assert.Equal(["urgent", Osint, "copilot-assigned"], issue.Labels);

        Assert.StartsWith("Phishing at Contoso Ltd, CVE-2024-3094.\n\n<!--", issue.Body, StringComparison.Ordinal);
        Assert.Contains("> - Organisations: `Contoso Ltd`\n> - Domains: `acme[.]example`\n> - Vulnerabilities: `CVE-2024-3094`", issue.Body, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(issue.OwnComments), CommentMarkers.Find(issue, CommentKind.Assignment, Domain.Markers));

        issue = Write(issue, LifecyclePlanner.Complete(Domain.Context, issue));
        Assert.Equal(["urgent", "completed"], issue.Labels);
        Assert.False(issue.IsOpen);
    }

    [Fact]
    public void The_Preparation_Is_One_Write()
    {
        IssueChange change = PreparationPlanner.For(Domain.Context, Analyzing(), Decisions.Assign(Osint, "target-profiler")).Change;

        Assert.NotNull(change.Body);
        Assert.Equal([Osint, "target-profiler", "processing"], change.AddLabels);
        Assert.Equal(["site-monitor", "analyzing"], change.RemoveLabels);
        Assert.NotNull(change.Comment);
        Assert.False(change.Close);
    }

    public static TheoryData<string> Plans => new(AllPlans.Keys);

    private static Dictionary<string, (IssueSnapshot Issue, Func<IssueSnapshot, ChangePlan> Plan)> AllPlans { get; } = new()
    {
        ["assign"] = (Analyzing(), i => AnalysisPlanner.For(Domain.Context, i, Decisions.Assign(Osint))),
        ["review"] = (Analyzing(), i => AnalysisPlanner.For(Domain.Context, i, Decisions.Review(Osint))),
        ["clarify"] = (Analyzing(), i => AnalysisPlanner.For(Domain.Context, i, Decisions.Clarify())),
        ["prepare after analysis"] = (Analyzing(), i => PreparationPlanner.For(Domain.Context, i, Decisions.Assign(Osint))),
        ["prepare"] = (IssueBuilder.Labelled(Osint, "processing").Build(), i => PreparationPlanner.For(Domain.Context, i)),
        ["finish"] = (IssueBuilder.Labelled(Osint, "processing").Build(), i => LifecyclePlanner.Finish(Domain.Context, i)),
        ["restore"] = (Analyzing(), i => LifecyclePlanner.Restore(Domain.Context, i, [])),
        ["failed"] = (Analyzing(), i => LifecyclePlanner.Failed(Domain.Context, i, [], "model-timeout", "The model did not answer.", scheduled: false)),
        ["copilot unassigned"] = (IssueBuilder.Labelled(Osint, "processing").Build(), i => LifecyclePlanner.CopilotUnassigned(Domain.Context, i, [], "Not enabled.")),
        ["waiting"] = (Analyzing(), i => LifecyclePlanner.StageDisabled(Domain.Context, i, [], Stage.Analysis)),
        ["complete"] = (IssueBuilder.Labelled(Osint, "copilot-assigned").Build(), i => LifecyclePlanner.Complete(Domain.Context, i)),
        ["legacy analysis"] = (Analyzing(), i => LegacyPlanner.Analysis(Domain.Context, i, new LegacyDecision([new LegacyMatch(Osint, 0.8, 1, [], [])]))),
        ["legacy preparation"] = (IssueBuilder.Labelled("site-monitor", Osint, "processing").Build(), i => LegacyPlanner.Preparation(Domain.Context, i)),
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Every_Plan_Changes_Something_Once_And_Nothing_The_Second_Time(string name)
    {
        (IssueSnapshot issue, Func<IssueSnapshot, ChangePlan> plan) = AllPlans[name];

        IssueSnapshot after = Write(issue, plan(issue));
        ChangePlan again = plan(after);

        Assert.True(again.Change.IsEmpty, "the second time something would be written");
        Assert.Null(again.Refused);
        Assert.True(LabelStateMachine.ReadState(after.Labels, Domain.Catalogue).IsLegal);
        Assert.Equal(issue.Body, GuidanceSection.Remove(after.Body, after.Ref, Domain.Markers));
    }

    [Fact]
    public void A_Finished_Issue_Is_Not_Prepared_Again_When_The_Write_Is_Repeated()
    {
        IssueSnapshot ready = IssueBuilder.Labelled(Osint, "copilot-assigned").Build();

        Assert.Equal(ChangePlan.Nothing, PreparationPlanner.For(Domain.Context, ready, Decisions.Assign(Osint)));
    }

    [Fact]
    public void A_Person_Who_Steps_In_Meanwhile_Is_Respected()
    {
        Assert.Equal("held-by-feature", PreparationPlanner.For(Domain.Context, Analyzing("feature"), Decisions.Assign(Osint)).Refused?.Code);
        Assert.Equal("held-by-needs-review", AnalysisPlanner.For(Domain.Context, Analyzing("needs-review"), Decisions.Assign(Osint)).Refused?.Code);
        Assert.Equal("withdrawn", PreparationPlanner.For(Domain.Context, IssueBuilder.Labelled("analyzing").Build(), Decisions.Assign(Osint)).Refused?.Code);
        Assert.Equal("not-assigned", PreparationPlanner.For(Domain.Context, IssueBuilder.Labelled("processing").Build()).Refused?.Code);
        Assert.Equal("issue-closed", PreparationPlanner.For(Domain.Context, IssueBuilder.Labelled(Osint, "processing").Closed().Build()).Refused?.Code);
        Assert.Equal("not-assigned", LegacyPlanner.Preparation(Domain.Context, IssueBuilder.Discovered.Build()).Refused?.Code);
        Assert.Equal("issue-closed", LegacyPlanner.Preparation(Domain.Context, IssueBuilder.Labelled(Osint).Closed().Build()).Refused?.Code);
        Assert.Equal("held-by-feature", LegacyPlanner.Analysis(Domain.Context, Analyzing("feature"), new LegacyDecision([])).Refused?.Code);
    }

    [Fact]
    public void A_Specialist_That_A_Person_Added_Meanwhile_Gets_Instructions_Too()
    {
        IssueSnapshot issue = Analyzing("target-profiler");

        IssueSnapshot after = Write(issue, PreparationPlanner.For(Domain.Context, issue, Decisions.Assign(Osint)));

        Assert.Equal(["target-profiler", Osint, "processing"], after.Labels);
        Assert.Contains("### OSINT Researcher", after.Body, StringComparison.Ordinal);
        Assert.Contains("### Target Profiler", after.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Specialist_That_Left_The_Catalogue_Is_Refused() =>
        Assert.Equal(
            "specialist-without-catalogue-entry",
            PreparationPlanner.For(Domain.Context, Analyzing(), Decisions.Assign(Osint) with { Specialists = ["gone"] }).Refused?.Code);

    [Fact]
    public void A_Full_Body_Gets_Its_Guidance_By_Comment_And_Keeps_Every_Character()
    {
        IssueSnapshot full = IssueBuilder.Labelled(Osint, "processing").WithBody(new string('x', GuidanceSection.MaxBodyLength)).Build();

        IssueSnapshot after = Write(full, PreparationPlanner.For(Domain.Context, full));

        Assert.Equal(full.Body, after.Body);
        Assert.Contains("### Checklist", Assert.Single(after.OwnComments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Nearly_Full_Body_Stays_Within_The_Limit()
    {
        IssueSnapshot full = IssueBuilder.Labelled(Osint, "processing").WithBody(string.Concat(Enumerable.Repeat("line\r\n", 10_700))).Build();

        IssueSnapshot after = Write(full, PreparationPlanner.For(Domain.Context, full));

        Assert.InRange(after.Body.Length, full.Body.Length + 100, GuidanceSection.MaxBodyLength);
        Assert.Contains("did not fit", Assert.Single(after.OwnComments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Legacy_Logic_Leaves_Site_Monitor_And_The_Labels_And_Writes_No_Comment()
    {
        IssueSnapshot issue = IssueBuilder.Discovered.WithBody("APT28").Build();

        issue = Write(issue, LegacyPlanner.Analysis(Domain.Context, issue, new LegacyDecision([new LegacyMatch(Osint, 0.8, 1, [], [])])));
        issue = Write(issue, LegacyPlanner.Preparation(Domain.Context, issue));

        Assert.Equal(["site-monitor", Osint], issue.Labels);
        Assert.Empty(issue.OwnComments);
        Assert.DoesNotContain("Focus areas", issue.Body, StringComparison.Ordinal);
        Assert.Contains("### Checklist", issue.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Unmatched_Issue_Is_Not_Written_By_The_Legacy_Logic() =>
        Assert.True(LegacyPlanner.Analysis(Domain.Context, IssueBuilder.Discovered.Build(), new LegacyDecision([])).Change.IsEmpty);

    private static IssueSnapshot Analyzing(params string[] more) => IssueBuilder.Labelled(["site-monitor", "analyzing", .. more]).Build();

    private static IssueSnapshot Write(IssueSnapshot issue, ChangePlan plan)
    {
        Assert.Null(plan.Refused);
        Assert.False(plan.Change.IsEmpty);
        return DryRun.ApplyChange(issue, plan.Change);
    }
}
