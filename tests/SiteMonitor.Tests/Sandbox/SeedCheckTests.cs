using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.Sandbox;

public sealed class SeedCheckTests : IAsyncLifetime
{
    private const string Us = "sitemonitor-bot";
    private const string Guidance = "\n\n## 🤖 Copilot Processing Instructions\n\nDo it.";

    private SandboxServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Before_Any_Work_Exactly_The_Untouched_Seeds_Are_Right() =>
        Assert.Equal(
            SeedCatalogue.Seeds.Where(s => s.ExpectedOutcome == SeedOutcome.Untouched).Select(s => s.Number),
            SeedCatalogue.Seeds.Where(s => Problems(s.Number).Count == 0).Select(s => s.Number));

    [Fact]
    public void A_Ready_Seed_Needs_Labels_Guidance_Copilot_And_One_Comment()
    {
        Assert.Equal(4, Problems(1).Count);

        Do(UserActionKind.RemoveLabel, "site-monitor");
        Do(UserActionKind.AddLabel, "intelligence-analyst");
        Do(UserActionKind.AddLabel, "copilot-assigned");
        Assert.Equal(3, Problems(1).Count);
        Do(UserActionKind.AppendToBody, text: Guidance);
        Assert.Equal(2, Problems(1).Count);
        Do(UserActionKind.Assign, "copilot-swe-agent[bot]");
        Assert.Equal("it got 0 comments of ours, not 1", Assert.Single(Problems(1)));
        Do(UserActionKind.Comment, text: "Assigned.");

        Assert.Empty(Problems(1));
    }

    [Fact]
    public void Twice_The_Guidance_Twice_The_Comment_Or_A_Lost_Text_Is_Told()
    {
        Do(UserActionKind.AppendToBody, text: Guidance + Guidance);
        Do(UserActionKind.Comment, text: "one");
        Do(UserActionKind.Comment, text: "two");

        Assert.Contains("it has 2 sections of guidance, not 1", Problems(1));
        Assert.Contains("it got 2 comments of ours, not 1", Problems(1));
        Do(UserActionKind.EditBody, text: "gone");
        Assert.Contains("its text was changed", Problems(1));
    }

    private IReadOnlyList<string> Problems(int number) => SeedCheck.Problems(SeedCatalogue.Seeds[number - 1], _server.Issue(number)!, Us);

    private void Do(UserActionKind deed, string value = "", string? text = null) =>
        _server.Perform(new UserAction { Do = deed, Number = 1, Login = Us, Value = value, Text = text });
}
