using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
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
        Assert.Single(app.Ledger.Records, r => r is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded });
        Assert.Equal(2, view.Body.Split("## 🤖 Copilot Processing Instructions").Length);
        Assert.Single(view.Comments);
        Assert.Single(app.Ledger.Records
            .Where(r => r is { Kind: RunKind.Run, Outcome: not RunOutcome.Skipped }).Select(r => r.Issue).Distinct());
    }

    [Fact]
    public async Task Prepared_Again_By_The_New_Name_The_Section_Is_Recognized_And_Replaced()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "" });
        IssueRef issue = app.Open("New ransomware campaign", "A threat actor runs a campaign.", "intelligence-analyst");
        Rename(app);
        await StartAsync(app, OldName, issue.Number, "preparation");
        Person(app, UserActionKind.RemoveLabel, issue.Number, "copilot-assigned");

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
        Person(app, UserActionKind.CloseAsCompleted, issue.Number);
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

    [Fact]
    public async Task A_Start_By_A_Former_Name_That_Another_Repository_Has_Now_Works_On_That_One()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "" });
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        IssueRef other = await TakeFormerNameAsync(app);

        await StartAsync(app, OldName, other.Number, "auto");

        IssueView view = app.GitHub.Issue(other.Number, OldName.ToString())!;
        Assert.Equal("A second finding", view.Title);
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], view.Labels.Order());
        Assert.Equal([issue.Canonical, $"{OldName}-2.git#{other.Number}"], Runs(app).Select(r => r.Issue));
    }

    [Fact]
    public async Task A_Delivery_Of_Before_The_Rename_That_Is_Sent_Again_Does_Not_Reach_The_Repository_With_The_Name_Now()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "" });
        app.OpenClear();
        IssueRef late = app.OpenClear();
        DeliveryBuilder old = Delivery(app, late.Number, repository: OldName);
        Rename(app);
        await app.Http.SendAsync(Delivery(app, late.Number - 1).Build(), Stop);
        await app.IdleAsync();
        IssueRef other = await TakeFormerNameAsync(app, isRenamed: true);
        app.GitHub.Perform(new UserAction { Do = UserActionKind.Open, Repository = OldName.ToString(), Value = "Not asked for", Labels = ["site-monitor"] });

        await app.Http.SendAsync(old.Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.GitHub.Issue(late.Number, NewName.ToString())!.Labels.Order());
        Assert.Equal(["site-monitor"], app.GitHub.Issue(other.Number, OldName.ToString())!.Labels);
        Assert.All(Runs(app), run => Assert.DoesNotContain(".git#", run.Issue, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Repository_Created_Anew_Under_A_Configured_Name_Has_Its_Deliveries_Taken()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        await app.RunAsync(app.OpenClear());
        IssueRef other = await TakeFormerNameAsync(app);

        HttpResponseMessage answer = await app.Http.SendAsync(Delivery(app, other.Number, repository: OldName).Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.GitHub.Issue(other.Number, OldName.ToString())!.Labels.Order());
    }

    [Fact]
    public async Task Damaged_Names_Stop_Nothing_And_Doctor_Says_So()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(
            services: services => services.AddSingleton<IRepositoryNameStore>(new MemoryRepositoryNameStore { IsDamaged = true }));
        IssueRef issue = app.OpenClear();

        HttpResponseMessage answer = await app.Http.SendAsync(Delivery(app, issue.Number, repository: OldName).Build(), Stop);
        await app.IdleAsync();
        DoctorReport report = (await app.Http.GetFromJsonAsync<DoctorReport>("api/doctor", Stop))!;

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);
        Finding finding = Assert.Single(report.Findings, f => f.Check == "storage" && f.Level == FindingLevel.Failure);
        Assert.Contains("repositories.json", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renamed_Back_The_Issue_Goes_On_Under_Its_Key()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        await app.RunAsync(app.OpenClear());
        Rename(app);
        IssueRef issue = new(OldName, OpenIn(app, NewName, "A finding"));
        await app.Http.SendAsync(Delivery(app, issue.Number).Build(), Stop);
        await app.IdleAsync();
        app.GitHub.Perform(new UserAction { Do = UserActionKind.RenameRepository, Repository = NewName.ToString(), Value = OldName.Name });
        IssueRef last = new(OldName, OpenIn(app, OldName, "Another finding"));

        await app.Http.SendAsync(Delivery(app, last.Number, repository: OldName).Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);
        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(last)).Outcome);
    }

    /// <summary>Renames the repository; then another one takes its former name, with an issue that can be processed.</summary>
    private static async Task<IssueRef> TakeFormerNameAsync(PipelineApp app, bool isRenamed = false)
    {
        const string inbox = "octo-org/inbox";
        if (!isRenamed)
        {
            Rename(app);
            IssueView seen = app.GitHub.Issue(1, NewName.ToString())!;
            Person(app, UserActionKind.AddLabel, seen.Number, "seen-by-the-new-name");
            await app.Http.SendAsync(Delivery(app, seen.Number).Build(), Stop);
            await app.IdleAsync();
        }

        int moved = OpenIn(app, NewName, "To be moved", labels: []);
        Person(app, UserActionKind.Transfer, moved, inbox);
        app.GitHub.Perform(new UserAction { Do = UserActionKind.RenameRepository, Repository = inbox, Value = OldName.Name });
        return new IssueRef(OldName, OpenIn(app, OldName, "A second finding"));
    }

    private static int OpenIn(PipelineApp app, RepositoryRef repository, string title, params string[] labels) => app.GitHub.Perform(new UserAction
    {
        Do = UserActionKind.Open,
        Repository = repository.ToString(),
        Value = title,
        Text = "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.",
        Labels = labels.Length > 0 || title == "To be moved" ? labels : ["site-monitor"],
        Login = "watchtower-monitor[bot]",
    })!.Number;

    private static IEnumerable<RunRecord> Runs(PipelineApp app) =>
        app.Ledger.Records.Where(r => r.Kind == RunKind.Run && r.Outcome == RunOutcome.Succeeded);

    private static JsonObject Repository(PipelineApp app, int number, RepositoryRef? repository = null) => new()
    {
        ["full_name"] = (repository ?? NewName).ToString(),
        ["node_id"] = app.GitHub.Issue(number, (repository ?? NewName).ToString())!.RepositoryNodeId,
    };

    private static void Rename(PipelineApp app) =>
        app.GitHub.Perform(new UserAction { Do = UserActionKind.RenameRepository, Value = NewName.Name });

    private static void Person(PipelineApp app, UserActionKind action, int number, string value = "") =>
        app.GitHub.Perform(new UserAction { Do = action, Repository = NewName.ToString(), Number = number, Value = value });

    private static async Task StartAsync(PipelineApp app, RepositoryRef repository, int number, string stage)
    {
        HttpResponseMessage started = await app.PostAsync($"api/pipeline/issues/{repository}/{number}", new PipelineRequest { Stage = stage });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await app.IdleAsync();
    }

    private static DeliveryBuilder Delivery(PipelineApp app, int number, string action = "labeled", RepositoryRef? repository = null)
    {
        IssueView view = app.GitHub.Issue(number, (repository ?? NewName).ToString())!;
        return DeliveryBuilder.Of("issues", new JsonObject
        {
            ["action"] = action,
            ["repository"] = Repository(app, number, repository),
            ["issue"] = DeliveryBuilder.Issue(number, view.IsOpen ? "open" : "closed", view.Labels, view.StateReason),
            ["label"] = new JsonObject { ["name"] = "site-monitor" },
        });
    }
}
