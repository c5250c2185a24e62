using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Undo;
using SiteMonitor.Tests.Core.Planning;

namespace SiteMonitor.Tests.Core.Undo;

/// <summary>What an undo writes to an issue as read, and when it leaves the issue alone.</summary>
public sealed class UndoPlanTests
{
    private static readonly DateTimeOffset Written = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly IssueSnapshot Seeded = IssueBuilder.Discovered.WithBody("A text\r\nwith its own line ends.\n").Build();
    private static readonly IssueSnapshot Prepared = Prepare();

    [Fact]
    public void Everything_That_Was_Written_Goes()
    {
        UndoPlan plan = Plan(Prepared);

        Assert.Null(plan.Refused);
        Assert.Equal(Seeded.Body, plan.Change.Body);
        Assert.Equal(["site-monitor"], plan.Change.AddLabels);
        Assert.Equal(["osint-researcher", "copilot-assigned"], plan.Change.RemoveLabels);
        Assert.Equal(["IC_1"], plan.Change.DeletedComments);
        Assert.True(plan.Unassigns);
        Assert.Equal(
            "guidance removed, −osint-researcher, −copilot-assigned, +site-monitor, 1 comment deleted, Copilot unassigned",
            plan.Describe());
    }

    [Fact]
    public void The_Preparation_Alone_Leaves_The_Assignment()
    {
        UndoPlan plan = UndoPlan.For(Domain.Context, Prepared, Undo(Stage.Preparation), isRepeated: false);

        Assert.Equal(Seeded.Body, plan.Change.Body);
        Assert.Empty(plan.Change.AddLabels);
        Assert.Equal(["copilot-assigned"], plan.Change.RemoveLabels);
        Assert.Empty(plan.Change.DeletedComments);
    }

    [Fact]
    public void An_Issue_Changed_In_Any_Way_Is_Left()
    {
        Assert.Equal(SkipCodes.Closed, Refusal(Prepared with { IsOpen = false }));
        Assert.Equal(UndoCodes.OpenPullRequest, Refusal(Prepared with { HasOpenPullRequest = true }));
        Assert.Equal(UndoCodes.CommentedSince, Refusal(Prepared with { OthersCommentedAt = Written.AddSeconds(1) }));
        Assert.Equal(UndoCodes.TouchedSince, Refusal(Prepared with { Title = "Another title" }));
        Assert.Equal(UndoCodes.TouchedSince, Refusal(Prepared with { Body = $"More. {Prepared.Body}" }));
        Assert.Equal(UndoCodes.TouchedSince, Refusal(Prepared with { Labels = [.. Prepared.Labels, "urgent"] }));
        Assert.Equal(UndoCodes.TouchedSince, Refusal(Prepared with { Labels = ["osint-researcher"] }));
        Assert.Equal(UndoCodes.TouchedSince, Refusal(Prepared with { UpdatedAt = Written.AddMinutes(1) }));
    }

    [Theory]
    [InlineData("ada", UndoCodes.TouchedSince)]
    [InlineData("copilot-swe-agent[bot]", null)]
    public void After_An_Earlier_Undo_An_Issue_That_A_Person_Has_Taken_Is_Left(string assignee, string? code)
    {
        IssueUndo undo = Undo();
        IssueUndo second = undo with { Last = undo.Last with { Kind = RunKind.Undo } };

        Assert.Equal(
            code, UndoPlan.For(Domain.Context, Prepared with { Assignees = [assignee] }, second, isRepeated: false).Refused?.Code);
    }

    [Fact]
    public void An_Edit_Of_Our_Section_Is_A_Touch_Whatever_The_History_Tells()
    {
        string edited = Prepared.Body.Replace("Copilot Processing Instructions", "Agreed Instructions", StringComparison.Ordinal);
        Assert.NotEqual(Prepared.Body, edited);

        Assert.Equal(UndoCodes.TouchedSince, Refusal(Prepared with { Body = edited, Edits = [] }));
        Assert.Null(Plan(Prepared with { Edits = [new BodyEdit(ByUs: false, Written, Prepared.Body), .. Prepared.Edits] }).Refused);
    }

    [Fact]
    public void A_Comment_From_Before_Our_Write_Is_No_Touch() =>
        Assert.Null(Plan(Prepared with { OthersCommentedAt = Written.AddMinutes(-1) }).Refused);

    [Fact]
    public void A_Comment_Of_Ours_Without_A_Marker_Stays()
    {
        OwnComment note = new("IC_2", "A note of the team, written with the bot's account.", Written);

        Assert.Equal(["IC_1"], Plan(Prepared with { OwnComments = [.. Prepared.OwnComments, note] }).Change.DeletedComments);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void An_Attempt_That_Was_Cut_Short_Anywhere_Is_Finished(int done)
    {
        UndoPlan plan = Plan(Prepared);
        IssueSnapshot half = Prepared with { UpdatedAt = Written.AddMinutes(5) };
        half = done > 0 ? half with { Assignees = [] } : half;
        half = done > 1 ? DryRun.ApplyChange(half, new IssueChange { Body = plan.Change.Body }) : half;
        half = done > 2 ? DryRun.ApplyChange(half, new IssueChange { AddLabels = plan.Change.AddLabels }) : half;
        half = done > 3 ? DryRun.ApplyChange(half, new IssueChange { RemoveLabels = plan.Change.RemoveLabels }) : half;

        UndoPlan rest = UndoPlan.For(Domain.Context, half, Undo(), isRepeated: true);

        Assert.Null(rest.Refused);
        IssueSnapshot after = DryRun.ApplyChange(half, rest.Change);
        Assert.Equal(Seeded.Body, after.Body);
        Assert.Equal(Seeded.Labels, after.Labels);
        Assert.Equal(done == 0, rest.Unassigns);
    }

    [Fact]
    public void A_Persons_Change_Between_Two_Attempts_Is_Respected() => Assert.Equal(
        UndoCodes.TouchedSince,
        UndoPlan.For(Domain.Context, Prepared with { Labels = [.. Prepared.Labels, "urgent"] }, Undo(), isRepeated: true).Refused!.Code);

    private static string? Refusal(IssueSnapshot issue) => Plan(issue).Refused?.Code;

    private static UndoPlan Plan(IssueSnapshot issue) => UndoPlan.For(Domain.Context, issue, Undo(), isRepeated: false);

    private static IssueUndo Undo(Stage? stage = null) => IssueUndo.Evaluate(
        [
            new RunRecord
            {
                Kind = RunKind.Run,
                RunId = "run",
                Issue = Seeded.Ref.Canonical,
                Trigger = TriggerNames.Manual,
                Stages =
                [
                    new StageRecord(Stage.Analysis, Logic.Unified, RunOutcome.Succeeded, 1),
                    new StageRecord(Stage.Preparation, Logic.Unified, RunOutcome.Succeeded, 1),
                ],
                Outcome = RunOutcome.Succeeded,
                LabelsBefore = Seeded.Labels,
                LabelsAdded = ["osint-researcher", "copilot-assigned"],
                LabelsRemoved = ["site-monitor"],
                InputHash = InputHash.Compute(Prepared, Domain.Markers),
                Started = Written.AddSeconds(-10),
                Ended = Written.AddSeconds(1),
            },
        ],
        Written.AddHours(-1),
        stage)!;

    private static IssueSnapshot Prepare()
    {
        IssueChange change = PreparationPlanner.For(Domain.Context, Seeded, Decisions.Assign("osint-researcher")).Change;
        IssueSnapshot written = DryRun.ApplyChange(Seeded, change);
        return written with
        {
            Labels = ["osint-researcher", "copilot-assigned"],
            Assignees = ["copilot-swe-agent[bot]"],
            OwnComments = [new OwnComment("IC_1", change.Comment!.Body, Written)],
            Edits =
            [
                new BodyEdit(ByUs: true, Written.AddSeconds(-1), written.Body),
                new BodyEdit(ByUs: false, Written.AddDays(-1), Seeded.Body),
            ],
            UpdatedAt = Written,
        };
    }
}
