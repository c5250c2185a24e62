using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Model;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.Core;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>
/// Decides every seed with the domain's own rules and the real model adapter, and compares the result with the seed's expected outcome.
/// </summary>
public sealed class SeedTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private static readonly SuccessHistory NoHistory = SuccessHistory.None;

    public static TheoryData<int> Numbers => [.. SeedCatalogue.Seeds.Select(s => s.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_Seed_Ends_As_It_Says(int number)
    {
        Seed seed = SeedCatalogue.Seeds.Single(s => s.Number == number);
        IssueSnapshot issue = Snapshot(fixture.Server.Issue(number)!);
        StageChoice choice = StageSelection.Select(issue, RequestedStage.Auto, Domain.Catalogue);

        (SeedOutcome end, IEnumerable<string> specialists) = choice.Stages switch
        {
            [] => (SeedOutcome.Untouched, []),
            _ when issue.Assignees.Any(CopilotLogin.IsPerson) => (SeedOutcome.Untouched, []),
            [Stage.Preparation] => (SeedOutcome.Ready, issue.Labels.Where(l => Domain.Catalogue.Find(l) is not null)),
            _ => End(await DecideAsync(fixture.Server, issue)),
        };

        Assert.Equal(seed.ExpectedOutcome, end);
        Assert.Equal(seed.Specialists.Order(), specialists.Order());
    }

    [Fact]
    public void Seeds_Are_At_Least_Forty_And_Numbered_Without_Gaps() =>
        Assert.Equal(Enumerable.Range(1, Math.Max(40, SeedCatalogue.Seeds.Count)), SeedCatalogue.Seeds.Select(s => s.Number));

    [Fact]
    public void Seeds_Cover_The_Ends_And_The_Shapes_That_Go_Wrong()
    {
        IReadOnlyList<Seed> seeds = SeedCatalogue.Seeds;

        Assert.All(Enum.GetValues<SeedOutcome>(), end => Assert.Contains(seeds, s => s.ExpectedOutcome == end));
        Assert.Contains(seeds, s => s.Text()?.Contains("\r\n", StringComparison.Ordinal) == true);
        Assert.Contains(seeds, s => s.Text()?.Length == 65536);
        Assert.Contains(seeds, s => s.Text() is null);
        Assert.True(seeds.Count(s => s.IsHostile) >= 8);
        Assert.Contains(seeds, s => s.Labels.Contains("urgent") && s.ExpectedOutcome == SeedOutcome.Ready);
    }

    [Fact]
    public async Task A_Fooled_Model_Assigns_Hostile_Seeds_To_Specialists_Of_The_Catalogue_At_Worst()
    {
        await using SandboxServer server = await TestSandbox.StartAsync(o => o with { Model = ModelBehaviour.Fooled });
        IssueSnapshot issue = Snapshot(
            server.Issue(
                SeedCatalogue.Seeds.First(s => s is { IsHostile: true, ExpectedOutcome: SeedOutcome.NeedsClarification }).Number)!);

        AnalysisDecision decision = await DecideAsync(server, issue);

        Assert.Equal(AnalysisOutcome.Assign, decision.Outcome);
        Assert.Equal(Domain.Catalogue.Specialists.Select(s => s.Label).Order(), decision.Specialists.Order());
    }

    private static (SeedOutcome End, IEnumerable<string> Specialists) End(AnalysisDecision decision) => decision.Outcome switch
    {
        AnalysisOutcome.Assign => (SeedOutcome.Ready, decision.Specialists),
        AnalysisOutcome.NeedsReview => (SeedOutcome.NeedsReview, []),
        _ => (SeedOutcome.NeedsClarification, []),
    };

    private static async Task<AnalysisDecision> DecideAsync(SandboxServer server, IssueSnapshot issue)
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureOpenAI:Endpoint"] = server.BaseAddress.ToString(),
            ["AzureOpenAI:Deployment"] = server.Credentials.ModelDeployment,
            ["AzureOpenAI:ApiKey"] = server.Credentials.ModelApiKey,
        }).Build();
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddAnalysisModel(settings).BuildServiceProvider();
        CallResult<ModelResult> reply = await services.GetRequiredService<IAnalysisModel>()
            .AnalyzeAsync(AnalysisTextSelector.From(issue, Domain.Markers), Domain.Catalogue, SandboxClient.Cancellation);
        return Scoring.Decide(reply.Value!, issue.Labels, Domain.Catalogue, NoHistory);
    }

    private static IssueSnapshot Snapshot(IssueView view) => new()
    {
        Ref = IssueRef.Parse($"{view.Repository}#{view.Number}"),
        NodeId = view.NodeId,
        Title = view.Title,
        Body = view.Body,
        IsOpen = view.IsOpen,
        IsPullRequest = view.IsPullRequest,
        Labels = view.Labels,
        Assignees = view.Assignees,
    };
}
