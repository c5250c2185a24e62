using SiteMonitor.Benchmarks.Faults;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>
/// Schedules of faults in the simulators: 20 seeds, or 200 with <c>dotnet dev.cs test --long</c> (the variable SITEMONITOR_LONG_TESTS).
/// Whatever fails, no issue is lost, damaged or written twice.
/// </summary>
public sealed class FaultCampaignTests
{
    private const int FirstSeed = 1;

    private static int Seeds => LongTests.IsEnabled ? 200 : 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_Cost_Time_And_Never_An_Issue()
    {
        List<string> lines = [];

        CampaignResult result = await FaultCampaign.RunAsync(FirstSeed, Seeds, lines.Add, beforeCheck: null, Stop);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', lines));
        Assert.True(result.IsPassed, string.Join('\n', lines));
        Assert.True(result.Injected.Values.Sum() > Seeds, "Faults were injected.");
    }

    [Fact]
    public async Task A_Comment_That_Stands_Twice_Is_Reported_With_Its_Seed_Issue_And_Last_Writes()
    {
        List<string> lines = [];
        string issue = string.Empty;

        CampaignResult result = await FaultCampaign.RunAsync(FirstSeed, 1, lines.Add, RepeatComment, Stop);

        Violation violation = Assert.Single(result.Violations, v => v.Expected.StartsWith("at most one comment", StringComparison.Ordinal));
        Assert.False(result.IsPassed);
        Assert.Equal((FirstSeed, issue, "2"), (violation.Seed, violation.Issue, violation.Seen));
        Assert.Contains("sitemonitor", violation.LastWrites, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains($"VIOLATED seed {FirstSeed} {issue}: expected at most one comment", StringComparison.Ordinal));

        void RepeatComment(SandboxServer sandbox, IReadOnlyList<OpenedFinding> opened)
        {
            OpenedFinding finding = opened.First(o => sandbox.Issue(o.Number)!.Comments.Count == 1);
            issue = finding.Key;
            CommentView comment = sandbox.Issue(finding.Number)!.Comments[0];
            sandbox.Perform(new UserAction
            {
                Do = UserActionKind.Comment,
                Number = finding.Number,
                Text = comment.Body,
                Login = comment.Author,
            });
        }
    }

    [Fact]
    public async Task Lost_Text_A_Short_Lived_Label_And_A_Secret_Are_Reported()
    {
        CampaignResult result = await FaultCampaign.RunAsync(FirstSeed, 1, _ => { }, Damage, Stop);

        Assert.Contains(result.Violations, v => v.Expected == "the original text");
        Assert.Contains(result.Violations, v => v.Expected == "a legal state");
        Assert.Contains(result.Violations, v => v.Expected == "no secret in an issue's text");
        Assert.True(result.Success < FaultCampaign.RequiredSuccess);

        static void Damage(SandboxServer sandbox, IReadOnlyList<OpenedFinding> opened)
        {
            int[] numbers = [.. opened.Where(o => sandbox.Issue(o.Number)!.Labels.Contains("copilot-assigned")).Select(o => o.Number)];
            sandbox.Perform(new UserAction { Do = UserActionKind.EditBody, Number = numbers[0], Text = "gone" });
            sandbox.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = numbers[1], Value = "processing" });
            sandbox.Perform(new UserAction { Do = UserActionKind.Comment, Number = numbers[1], Text = $"{sandbox.Credentials.Token}" });
        }
    }

    [Fact]
    public void A_Seed_Always_Draws_The_Same_Schedule()
    {
        string[] drawn = [.. Enumerable.Range(1, 50).Select(seed => FaultSchedule.Draw(seed).Describe())];

        Assert.Equal(drawn, Enumerable.Range(1, 50).Select(seed => FaultSchedule.Draw(seed).Describe()));
        Assert.Equal(drawn.Length, drawn.Distinct().Count());
    }

    [Fact]
    public void Two_Hundred_Seeds_Hold_Each_Kind_Of_Fault()
    {
        FaultSchedule[] schedules = [.. Enumerable.Range(1, 200).Select(FaultSchedule.Draw)];

        Assert.Empty(FaultKind.All.Append(FaultKind.UnanswerableText).Select(k => k.Name)
            .Except(schedules.SelectMany(s => s.Faults).Select(f => f.Kind.Name)));
        Assert.Contains(schedules, s => s.Kills);
        Assert.Contains(schedules, s => s.Rounds.Any(r => r.RevokesTokens));
        Assert.Contains(schedules, s => s.Rounds.Any(r => r.RollsBack));
    }
}
