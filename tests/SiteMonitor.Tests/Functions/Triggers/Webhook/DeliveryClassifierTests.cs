using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Webhook;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Webhooks;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Functions.Triggers.Webhook;

public sealed class DeliveryClassifierTests
{
    private const string Bot = "sitemonitor-bot";
    private static readonly IssueRef Issue = IssueRef.Parse("octo-org/site#7");

    [Theory]
    [InlineData("labeled", "site-monitor", "site-monitor")]
    [InlineData("labeled", "Site-Monitor", "site-monitor,bug")]
    [InlineData("labeled", "urgent", "site-monitor,urgent")]
    [InlineData("labeled", "beta-test", "site-monitor,beta-test")]
    [InlineData("labeled", "osint-researcher", "osint-researcher")]
    [InlineData("unlabeled", "needs-review", "site-monitor")]
    [InlineData("opened", null, "site-monitor")]
    [InlineData("reopened", null, "target-profiler")]
    public async Task A_Delivery_That_The_State_Asks_For_Starts_A_Run(string action, string? label, string labels) =>
        Assert.Equal(new DeliveryRequest.Run(Issue, WorkKind.Pipeline), await ReadAsync(Of(action, label, labels)));

    [Theory]
    [InlineData("labeled", "bug", "site-monitor,bug")]
    [InlineData("labeled", "urgent", "urgent")]
    [InlineData("labeled", "site-monitor", "site-monitor,feature")]
    [InlineData("labeled", "site-monitor", "site-monitor,copilot-assigned,osint-researcher")]
    [InlineData("unlabeled", "bug", "site-monitor")]
    [InlineData("unlabeled", "needs-review", "needs clarification,site-monitor")]
    [InlineData("opened", null, "")]
    [InlineData("edited", null, "site-monitor")]
    [InlineData("transferred", null, "site-monitor")]
    public async Task A_Delivery_Without_Anything_To_Do_Is_Ignored_With_The_Reason(string action, string? label, string labels)
    {
        DeliveryRequest.Ignored ignored = Assert.IsType<DeliveryRequest.Ignored>(await ReadAsync(Of(action, label, labels)));

        Assert.NotEmpty(ignored.Reason);
    }

    [Theory]
    [InlineData("osint-researcher", true)]
    [InlineData("site-monitor", false)]
    public async Task An_Echo_Of_Our_Own_Label_Is_Recognised_By_Sender_And_Label(string label, bool isEcho)
    {
        DeliveryRequest read = await ReadAsync(Of("labeled", label, label) with { Sender = Bot });

        Assert.Equal(isEcho, read is DeliveryRequest.Ignored);
    }

    [Fact]
    public async Task A_Person_Who_Sets_A_Specialist_Label_Starts_A_Run() =>
        Assert.IsType<DeliveryRequest.Run>(await ReadAsync(Of("labeled", "osint-researcher", "osint-researcher") with { Sender = "mona" }));

    [Theory]
    [InlineData("labeled", "osint-researcher", "site-monitor,analyzing,osint-researcher", false)]
    [InlineData("unlabeled", "needs-review", "osint-researcher,processing", false)]
    [InlineData("labeled", "osint-researcher", "osint-researcher", true)]
    [InlineData("labeled", "site-monitor", "site-monitor,analyzing", true)]
    public async Task The_User_That_Hands_Issues_Over_May_Also_Label_By_Hand(string action, string label, string labels, bool starts) =>
        Assert.Equal(starts, await ReadAsync(Of(action, label, labels) with { Sender = "grace" }) is DeliveryRequest.Run);

    [Theory]
    [InlineData("copilot-assigned,osint-researcher", true)]
    [InlineData("osint-researcher", true)]
    [InlineData("site-monitor", false)]
    [InlineData("completed", false)]
    public async Task An_Issue_Closed_As_Completed_Is_Completed_From_Assigned_Or_Ready(string labels, bool completes)
    {
        WebhookDelivery closed = Of("closed", null, labels) with { Issue = new WebhookIssue(7, labels.Split(','), false, CloseReason.Completed, false) };

        Assert.Equal(completes ? new DeliveryRequest.Run(Issue, WorkKind.CompletionByClosing) : null, await ReadAsync(closed) as DeliveryRequest.Run);
    }

    [Fact]
    public async Task An_Issue_Closed_As_Not_Planned_Is_Left_Alone()
    {
        WebhookDelivery closed = Of("closed", null, "x") with { Issue = new WebhookIssue(7, ["copilot-assigned", "osint-researcher"], false, CloseReason.NotPlanned, false) };

        Assert.IsType<DeliveryRequest.Ignored>(await ReadAsync(closed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Pull_Request_Counts_When_It_Is_Merged(bool merged)
    {
        WebhookDelivery delivery = new()
        {
            Event = "pull_request",
            Action = "closed",
            DeliveryId = "d",
            Repository = Issue.Repository,
            PullRequest = new WebhookPullRequest(9, merged),
        };

        Assert.Equal(merged, await ReadAsync(delivery) == new DeliveryRequest.Merge(Issue.Repository, 9));
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("push")]
    [InlineData("issue_comment")]
    public async Task Other_Events_Start_Nothing(string name) =>
        Assert.IsType<DeliveryRequest.Ignored>(await ReadAsync(new WebhookDelivery { Event = name, DeliveryId = "d" }));

    [Fact]
    public async Task A_Repository_That_Is_Not_Ours_Is_Ignored_By_Name()
    {
        DeliveryRequest read = await ReadAsync(Of("opened", null, "site-monitor"), repositories: ["octo-org/other"]);

        Assert.Contains("octo-org/site", Assert.IsType<DeliveryRequest.Ignored>(read).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_Of_Repositories_Are_Compared_Without_Case() =>
        Assert.IsType<DeliveryRequest.Run>(await ReadAsync(Of("opened", null, "site-monitor"), repositories: ["OCTO-org/Site"]));

    private static WebhookDelivery Of(string action, string? label, string labels) => new()
    {
        Event = "issues",
        Action = action,
        DeliveryId = "d",
        Repository = Issue.Repository,
        Sender = "mona",
        Label = label,
        Issue = new WebhookIssue(Issue.Number, labels.Split(',', StringSplitOptions.RemoveEmptyEntries), true, null, false),
    };

    private static async Task<DeliveryRequest> ReadAsync(WebhookDelivery delivery, params string[] repositories)
    {
        OwnLogins identities = new(new KnownLogins(Bot), NullLogger<OwnLogins>.Instance);
        while (!identities.Contains(Bot))
        {
            await Task.Yield();
        }

        RepositoryNames names = new(new MemoryRepositoryNameStore(), TimeProvider.System);
        RepositoryScope scope = new(Options.Create(new GitHubOptions { Repositories = repositories }), names);
        return new DeliveryClassifier(CatalogueLoader.BuiltIn, Options.Create(new PipelineOptions()), scope, identities).Classify(delivery);
    }
}
