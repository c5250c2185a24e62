using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A repository is renamed: its issues keep their keys, and none is worked on twice.</summary>
public sealed class RenamedRepositoryTests
{
    private static readonly RepositoryRef OldName = RepositoryRef.Parse(PipelineApp.Repository);
    private static readonly RepositoryRef NewName = RepositoryRef.Parse($"{OldName.Owner}/watch");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Started_By_Both_Names_At_Once_It_Has_One_Run_One_Section_And_One_Comment(bool isByHandFirst)
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "" });
        IssueRef issue = app.OpenClear();
        Rename(app);
        Task<HttpResponseMessage> StartAsync() => app.PostAsync($"api/pipeline/issues/{OldName}/{issue.Number}", new PipelineRequest());
        Task<HttpResponseMessage> DeliverAsync() => app.Http.SendAsync(Delivery(app, issue.Number).Build(), Stop);

        Task<HttpResponseMessage> first = isByHandFirst ? StartAsync() : DeliverAsync();
        Task<HttpResponseMessage> second = isByHandFirst ? DeliverAsync() : StartAsync();
        await Task.WhenAll(first, second);
        await app.IdleAsync();

        IssueView view = app.GitHub.Issue(issue.Number, NewName.ToString())!;
        Assert.Single(app.Ledger.Records, r => r.Outcome == RunOutcome.Succeeded);
        Assert.Equal(2, view.Body.Split("## 🤖 Copilot Processing Instructions").Length);
        Assert.Single(view.Comments);
        Assert.Single(app.Ledger.Records.Where(r => r.Outcome != RunOutcome.Skipped).Select(r => r.Issue).Distinct());
    }

    [Fact]
    public async Task Prepared_Again_By_The_New_Name_The_Section_Is_Recognized_And_Replaced()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "" });
        IssueRef issue = app.Open("New ransomware campaign", "A threat actor runs a campaign.", "intelligence-analyst");
        Rename(app);
        await StartAsync(app, OldName, issue.Number, "preparation");
        Person(app, PersonActionKind.RemoveLabel, issue.Number, "copilot-assigned");

        await StartAsync(app, NewName, issue.Number, "preparation");

        IssueView view = app.GitHub.Issue(issue.Number, NewName.ToString())!;
        Assert.Equal(2, view.Body.Split("## 🤖 Copilot Processing Instructions").Length);
        Assert.Single(view.Comments);
        Assert.Equal([issue.Canonical], app.Ledger.Records.Where(r => r.Kind == RunKind.Run).Select(r => r.Issue).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_The_Old_Name_In_The_Settings_Deliveries_Are_Taken(bool wasSeenBefore)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        if (wasSeenBefore)
        {
            await app.RunAsync(app.OpenClear());
        }

        IssueRef issue = app.OpenClear();
        Rename(app);

        HttpResponseMessage answer = await app.Http.SendAsync(Delivery(app, issue.Number).Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);
        IssueStatus status = (await app.Http.GetFromJsonAsync<IssueStatus>($"api/pipeline/issues/{NewName}/{issue.Number}?state=true", Stop))!;
        Assert.Equal(("ready", issue.Canonical), (status.State, status.Issue));
    }

    [Fact]
    public async Task A_Delivery_Of_A_Repository_That_Is_Not_Configured_Is_Refused_And_Costs_One_Read_At_Most()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        await app.Http.SendAsync(Foreign().Build(), Stop);
        long requests = app.GitHub.Stats.GraphQueries;

        HttpResponseMessage answer = await app.Http.SendAsync(Foreign().Build(), Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("is not in GitHub:Repositories", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(requests, app.GitHub.Stats.GraphQueries);

        static DeliveryBuilder Foreign() => DeliveryBuilder.Labeled(1, "site-monitor")
            .With("repository", new JsonObject { ["full_name"] = "other/repo", ["node_id"] = "R_other" });
    }

    [Fact]
    public async Task Doctor_Names_The_Old_Name_In_The_Settings_And_The_New_One()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        Rename(app);

        DoctorReport report = (await app.Http.GetFromJsonAsync<DoctorReport>("api/doctor", Stop))!;

        Finding finding = report.Findings.First(f => f.Check == "repositories");
        Assert.Equal(FindingLevel.Warning, finding.Level);
        Assert.Contains($"{OldName} is now {NewName}", finding.Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batches_And_Completions_Go_On_Whichever_Name_The_Settings_Have(bool isNewNameSet)
    {
        await using PipelineApp app = await PipelineApp.StartAsync(
            settings: new() { ["GitHub:Repositories"] = isNewNameSet ? NewName.ToString() : OldName.ToString() });
        IssueRef issue = app.OpenClear();
        if (!isNewNameSet)
        {
            await app.RunAsync(app.OpenClear());
        }

        Rename(app);
        HttpResponseMessage batch = await app.PostAsync("api/pipeline/batch", new BatchRequest());
        await app.IdleAsync();
        Person(app, PersonActionKind.CloseAsCompleted, issue.Number);
        await app.Http.SendAsync(Delivery(app, issue.Number, "closed").Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.Accepted, batch.StatusCode);
        Assert.Equal(["completed"], app.GitHub.Issue(issue.Number, NewName.ToString())!.Labels);
        string key = new IssueRef(isNewNameSet ? NewName : OldName, issue.Number).Canonical;
        Assert.Equal(
            [RunKind.Run, RunKind.Completion],
            app.Ledger.Records.Where(r => r.Issue == key && r.Outcome == RunOutcome.Succeeded).Select(r => r.Kind));
    }

    [Theory]
    [InlineData("Fixes #{0}")]
    [InlineData("Fixes NEW#{0}")]
    public async Task What_Becomes_Of_A_Pull_Request_Is_Recorded_Under_The_First_Name(string body)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        Rename(app);
        string number = issue.Number.ToString(CultureInfo.InvariantCulture);
        string text = body.Replace("NEW", NewName.ToString(), StringComparison.Ordinal).Replace("{0}", number, StringComparison.Ordinal);

        await app.Http.SendAsync(
            DeliveryBuilder.Of("pull_request", new JsonObject
            {
                ["action"] = "closed",
                ["repository"] = Repository(app, issue.Number),
                ["pull_request"] = new JsonObject
                {
                    ["number"] = 77,
                    ["merged"] = false,
                    ["body"] = text,
                    ["user"] = new JsonObject { ["login"] = "Copilot" },
                },
            }).Build(),
            Stop);
        await app.IdleAsync();

        RunRecord outcome = Assert.Single(app.Ledger.Records, r => r.Kind == RunKind.Outcome);
        Assert.Equal((issue.Canonical, OutcomeCodes.PullRequestClosed), (outcome.Issue, outcome.ReasonCode));
    }

    private static JsonObject Repository(PipelineApp app, int number) => new()
    {
        ["full_name"] = NewName.ToString(),
        ["node_id"] = app.GitHub.Issue(number, NewName.ToString())!.RepositoryNodeId,
    };

    private static void Rename(PipelineApp app) =>
        app.GitHub.Perform(new PersonAction { Do = PersonActionKind.RenameRepository, Value = NewName.Name });

    private static void Person(PipelineApp app, PersonActionKind action, int number, string value = "") =>
        app.GitHub.Perform(new PersonAction { Do = action, Repository = NewName.ToString(), Number = number, Value = value });

    private static async Task StartAsync(PipelineApp app, RepositoryRef repository, int number, string stage)
    {
        HttpResponseMessage started = await app.PostAsync($"api/pipeline/issues/{repository}/{number}", new PipelineRequest { Stage = stage });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await app.IdleAsync();
    }

    private static DeliveryBuilder Delivery(PipelineApp app, int number, string action = "labeled")
    {
        IssueView view = app.GitHub.Issue(number, NewName.ToString())!;
        return DeliveryBuilder.Of("issues", new JsonObject
        {
            ["action"] = action,
            ["repository"] = Repository(app, number),
            ["issue"] = DeliveryBuilder.Issue(number, view.IsOpen ? "open" : "closed", view.Labels, view.StateReason),
            ["label"] = new JsonObject { ["name"] = "site-monitor" },
        });
    }
}
