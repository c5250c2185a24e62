using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Comparison;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Samples of existing issues, over HTTP.</summary>
public sealed class ComparisonSampleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_What_The_Old_Rules_Match_Fills_The_Sample_And_No_Issue_Is_Taken_Twice()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef[] unmatched = [app.OpenClear(), app.OpenClear()];
        IssueRef[] matched = [app.OpenForBoth(), app.OpenForBoth(), app.OpenForBoth()];

        SampleResponse first = await TakeAsync(app, new SampleRequest { Sample = 2 });
        SampleResponse second = await TakeAsync(app, new SampleRequest { Sample = 2 });

        Assert.Equal((2, 2, 0, false), (first.Report.Compared, first.Report.Unmatched, first.Missing, first.More));
        Assert.Equal([.. unmatched.Concat(matched[..2]).Select(i => i.Canonical)], first.Report.Issues.Select(c => c.Issue));
        Assert.Equal([matched[2].Canonical], second.Report.Issues.Select(c => c.Issue));
        Assert.Equal((1, false), (second.Missing, second.More));
        Assert.Contains("no further issues", second.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Request_That_Takes_Too_Long_Answers_With_What_It_Has_And_Goes_On_When_Asked_Again()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: services => services.AddSingleton(new SampleTimeLimits(TimeSpan.Zero, TimeSpan.FromSeconds(30))));
        IssueRef[] issues = [app.OpenForBoth(), app.OpenForBoth(), app.OpenForBoth()];
        List<string> taken = [];
        SampleRequest request = new() { Sample = 2, DryRun = true };

        SampleResponse part = await TakeAsync(app, request);
        taken.AddRange(part.Report.Issues.Select(c => c.Issue));
        Assert.Equal((1, true), (part.Missing, part.More));
        part = await TakeAsync(app, request with { Sample = part.Missing, Skip = part.Seen });
        taken.AddRange(part.Report.Issues.Select(c => c.Issue));

        Assert.Equal((0, false), (part.Missing, part.More));
        Assert.Equal(issues[..2].Select(i => i.Canonical), taken);
        Assert.Empty(await app.Services.GetRequiredService<IComparisonLog>().QueryAsync(DateTimeOffset.MinValue, Stop));
    }

    /// <summary>The cost is added up from the ledger's JSON, by code that shares nothing with ours.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_A_Sample_Costs_Is_In_The_Ledger_And_In_The_Figures(bool dryRun)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef run = app.OpenClear();
        await app.RunAsync(run);
        IssueRef[] compared = [app.OpenForBoth(), OpenOther(app)];

        await TakeAsync(app, new SampleRequest { Sample = 2, DryRun = dryRun });

        JsonElement[] raw = [.. app.Ledger.Records.Select(r => JsonDocument.Parse(LedgerJson.Write(r)).RootElement)];
        JsonElement[] comparisons = [.. raw.Where(r => r.GetProperty("kind").GetString() == "comparison")];
        Assert.Equal(compared.Select(i => i.Canonical).Order(), comparisons.Select(r => r.GetProperty("issue").GetString()).Order());
        Assert.All(comparisons, r => Assert.True(Number(r, "promptTokens") > 0 && Dollars(r) > 0));
        JsonElement[] paid = [.. comparisons, .. raw.Where(r => r.GetProperty("kind").GetString() == "run")];
        using JsonDocument metrics = JsonDocument.Parse(await app.Http.GetStringAsync("api/metrics?days=1", Stop));
        int issues = paid.Select(r => r.GetProperty("issue").GetString()).Distinct().Count();
        Assert.Equal(3, issues);
        Assert.Equal((double)paid.Sum(Dollars) / issues, Figure(metrics, "cost-per-issue"), 9);
        Assert.Equal((double)paid.Sum(r => Number(r, "promptTokens") + Number(r, "completionTokens")) / issues, Figure(metrics, "tokens-per-issue"), 9);
        Assert.True(paid.Sum(Dollars) > Dollars(raw.First(r => r.GetProperty("issue").GetString() == run.Canonical)));
    }

    private static IssueRef OpenOther(PipelineApp app) => app.Open(
        "Second campaign",
        "An apt, a threat-actor tracked as APT-C-40, runs another geopolitical campaign.",
        "site-monitor",
        "threat-assessment",
        "strategic-analysis");

    private static decimal Dollars(JsonElement record) => record.GetProperty("usage").GetProperty("dollars").GetDecimal();

    private static int Number(JsonElement record, string name) => record.GetProperty("usage").GetProperty(name).GetInt32();

    private static double Figure(JsonDocument metrics, string id) => metrics.RootElement.GetProperty("figures").EnumerateArray()
        .Single(f => f.GetProperty("id").GetString() == id)
        .GetProperty("value")
        .GetDouble();

    private static async Task<SampleResponse> TakeAsync(PipelineApp app, SampleRequest request)
    {
        using var body = JsonContent.Create(request, options: RolloutJson.Options);
        HttpResponseMessage answer = await app.Http.PostAsync("api/comparison", body, Stop);
        return RolloutJson.Read<SampleResponse>(await answer.Content.ReadAsStringAsync(Stop));
    }
}
