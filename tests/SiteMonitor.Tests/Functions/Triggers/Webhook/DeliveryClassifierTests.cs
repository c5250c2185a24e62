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
    private const string CopilotUser = "octo-operator";
    private static readonly IssueRef Issue = IssueRef.Parse("octo-org/site#7");

    [Theory]
    [InlineData("labeled", "site-monitor", "site-monitor")]
    [InlineData("labeled", "Site-Monitor", "site-monitor,bug")]
    [InlineData("labeled", "urgent", "site-monitor,urgent")]
    [InlineData("labeled", "beta-test", "site-monitor,beta-test")]
    [InlineData("labeled", "osint-researcher", "osint-researcher")]
    [InlineData("labeled", "Osint-Researcher", "site-monitor,needs-review,Osint-Researcher")]
    [InlineData("unlabeled", "needs-review", "site-monitor")]
    [InlineData("unlabeled", "needs clarification", "site-monitor")]
    [InlineData("unlabeled", "feature", "osint-researcher")]
    [InlineData("opened", null, "site-monitor")]
    [InlineData("reopened", null, "target-profiler")]
    public async Task A_Delivery_That_The_State_Asks_For_Starts_A_Run(string action, string? label, string labels) =>
        Assert.Equal(new DeliveryRequest.Run(Issue, WorkKind.Pipeline), await ReadAsync(Of(action, label, labels)));

    [Theory]
    [InlineData("labeled", "bug", "site-monitor,bug", "The label 'bug' starts nothing.")]
    [InlineData("labeled", "analyzing", "site-monitor,analyzing", "The label 'analyzing' starts nothing.")]
    [InlineData("labeled", "urgent", "bug,urgent", "neither the label site-monitor")]
    [InlineData("labeled", "site-monitor", "site-monitor,feature", "'feature' holds the issue back")]
    [InlineData("labeled", "threat-hunter", "threat-hunter", "'threat-hunter' has no entry in the catalogue")]
    [InlineData("labeled", "site-monitor", "site-monitor,copilot-assigned,osint-researcher", "Copilot has the issue already.")]
    [InlineData("unlabeled", "bug", "site-monitor", "Removing the label 'bug' starts nothing.")]
    [InlineData("unlabeled", "osint-researcher", "site-monitor", "Removing the label 'osint-researcher' starts nothing.")]
    [InlineData("unlabeled", "needs-review", "needs clarification,site-monitor", "'needs clarification' holds the issue back")]
    [InlineData("opened", null, "bug", "neither the label site-monitor")]
    [InlineData("edited", null, "site-monitor", "This event of an issue starts nothing.")]
    [InlineData("transferred", null, "site-monitor", "This event of an issue starts nothing.")]
    public async Task A_Delivery_Without_Anything_To_Do_Is_Ignored_With_The_Reason(string action, string? label, string labels, string reason)
    {
        DeliveryRequest.Ignored ignored = Assert.IsType<DeliveryRequest.Ignored>(await ReadAsync(Of(action, label, labels)));

        Assert.Contains(reason, ignored.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labeled", "analyzing")]
    [InlineData("labeled", "processing")]
    [InlineData("labeled", "osint-researcher")]
    [InlineData("labeled", "threat-hunter")]
    [InlineData("labeled", "copilot-assigned")]
    [InlineData("labeled", "needs-review")]
    [InlineData("labeled", "needs clarification")]
    [InlineData("labeled", "completed")]
    [InlineData("unlabeled", "needs-review")]
    public async Task Our_Own_Label_Writes_Are_Recognised_By_Sender_And_Label(string action, string label)
    {
        DeliveryRequest read = await ReadAsync(Of(action, label, "osint-researcher") with { Sender = Bot });

        Assert.EndsWith("ourselves.", Assert.IsType<DeliveryRequest.Ignored>(read).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("site-monitor")]
    [InlineData("urgent")]
    [InlineData("beta-test")]
    public async Task A_Monitoring_Job_That_Acts_With_Our_Token_Starts_Work(string label) =>
        Assert.IsType<DeliveryRequest.Run>(await ReadAsync(Of("labeled", label, $"site-monitor,{label}") with { Sender = Bot }));

    [Fact]
    public async Task A_Person_Who_Sets_A_Specialist_Label_Starts_A_Run() =>
        Assert.IsType<DeliveryRequest.Run>(await ReadAsync(Of("labeled", "osint-researcher", "osint-researcher") with { Sender = "mona" }));

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

    [Theory]
    [InlineData(CloseReason.NotPlanned)]
    [InlineData(CloseReason.Duplicate)]
    public async Task An_Issue_Closed_Otherwise_Than_As_Completed_Is_Left_Alone(CloseReason reason)
    {
        WebhookDelivery closed = Of("closed", null, "x") with { Issue = new WebhookIssue(7, ["copilot-assigned", "osint-researcher"], false, reason, false) };

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
            PullRequest = new WebhookPullRequest(9, merged, "Copilot", IsByMember: false, Closes: []),
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

    [Theory]
    [InlineData("site-monitor,analyzing,osint-researcher", false)]
    [InlineData("osint-researcher,processing", false)]
    [InlineData("site-monitor,osint-researcher", true)]
    [InlineData("osint-researcher", true)]
    public async Task A_Specialist_Label_By_The_Copilot_User_Is_Our_Write_Only_While_A_Run_Shows(string labels, bool starts)
    {
        DeliveryRequest request = await ReadAsync(Of("labeled", "osint-researcher", labels) with { Sender = "Octo-Operator" });

        Assert.Equal(starts, request is DeliveryRequest.Run);
    }

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
        OwnLogins identities = new(new KnownLogins(Bot) { UserLogin = CopilotUser }, TimeProvider.System, NullLogger<OwnLogins>.Instance);
        while (!identities.Contains(Bot))
        {
            await Task.Yield();
        }

        RepositoryNames names = new(new MemoryRepositoryNameStore(), TimeProvider.System);
        RepositoryScope scope = new(Options.Create(new GitHubOptions { Repositories = repositories }), names);
        return new DeliveryClassifier(CatalogueLoader.BuiltIn, Options.Create(new PipelineOptions()), scope, identities).Classify(delivery);
    }
}
