using System.Text;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Webhooks;

namespace SiteMonitor.Tests.Integrations.GitHub.Webhooks;

public sealed class WebhookParserTests
{
    private const string Issue =
        """{"number":7,"title":"t","state":"open","state_reason":null,"labels":[{"id":1,"name":"site-monitor","color":"ededed"},{"name":"urgent"}],"user":{"login":"x"},"body":"b"}""";

    private const string Repository = """{"id":1,"full_name":"Octo-Org/site.monitor_1","private":true}""";

    [Fact]
    public void A_Label_Added_Gives_Issue_Labels_Label_And_Sender()
    {
        WebhookDelivery delivery = Parse("issues", $$"""{"action":"labeled","issue":{{Issue}},"label":{"name":"site-monitor"},"repository":{{Repository}},"sender":{"login":"octocat"} }""");

        Assert.Equal("labeled", delivery.Action);
        Assert.Equal("Octo-Org/site.monitor_1#7", delivery.IssueRef!.ToString());
        Assert.Equal(["site-monitor", "urgent"], delivery.Issue!.Labels);
        Assert.True(delivery.Issue.IsOpen);
        Assert.False(delivery.Issue.IsPullRequest);
        Assert.Equal("site-monitor", delivery.Label);
        Assert.Equal("octocat", delivery.Sender);
        Assert.Equal("delivery-1", delivery.DeliveryId);
    }

    [Theory]
    [InlineData("completed", CloseReason.Completed)]
    [InlineData("not_planned", CloseReason.NotPlanned)]
    [InlineData("duplicate", CloseReason.Duplicate)]
    [InlineData("something_new", null)]
    public void A_Closed_Issue_Says_Why(string reason, CloseReason? expected)
    {
        string issue = $$"""{"number":7,"state":"closed","state_reason":"{{reason}}","labels":[]}""";
        WebhookDelivery delivery = Parse("issues", $$"""{"action":"closed","issue":{{issue}},"repository":{{Repository}} }""");

        Assert.False(delivery.Issue!.IsOpen);
        Assert.Equal(expected, delivery.Issue.ClosedAs);
        Assert.Empty(delivery.Sender);
    }

    [Fact]
    public void A_Label_Removed_Because_It_Was_Deleted_Has_No_Name()
    {
        WebhookDelivery delivery = Parse("issues", $$"""{"action":"unlabeled","issue":{{Issue}},"repository":{{Repository}} }""");
        Assert.Null(delivery.Label);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void A_Closed_Pull_Request_Says_Whether_It_Was_Merged(string merged, bool expected)
    {
        WebhookDelivery delivery = Parse("pull_request", $$"""{"action":"closed","number":9,"pull_request":{"number":9,"merged":{{merged}} },"repository":{{Repository}} }""");
        Assert.Equal((9, expected), (delivery.PullRequest!.Number, delivery.PullRequest.Merged));
        Assert.Null(delivery.IssueRef);
    }

    [Theory]
    [InlineData("Closes #7", "octo-org/watchtower#7")]
    [InlineData("This PR fixes: #7, and resolves other/place#8.", "octo-org/watchtower#7 other/place#8")]
    [InlineData("FIXED https://github.com/octo-org/watchtower/issues/9", "octo-org/watchtower#9")]
    [InlineData("Closes #7 and closes #7", "octo-org/watchtower#7")]
    [InlineData("See #7, encloses #8, closes #0, closes 9", "")]
    public void A_Closed_Pull_Request_Names_The_Issues_That_It_Closes(string text, string expected)
    {
        WebhookDelivery delivery = Parse(
            "pull_request",
            $$"""
            {"action":"closed","pull_request":{"number":9,"merged":false,"body":"{{text}}","user":{"login":"Copilot"},"author_association":"MEMBER"},
             "repository":{"full_name":"octo-org/watchtower"} }
            """);

        Assert.Equal(expected, string.Join(' ', delivery.PullRequest!.Closes));
        Assert.Equal(("Copilot", true), (delivery.PullRequest.Author, delivery.PullRequest.IsByMember));
    }

    [Fact]
    public void A_Person_Taken_Off_An_Issue_Is_Named()
    {
        WebhookDelivery delivery = Parse(
            "issues", $$"""{"action":"unassigned","assignee":{"login":"Copilot"},"issue":{{Issue}},"repository":{{Repository}} }""");
        Assert.Equal("Copilot", delivery.Unassigned);
    }

    [Fact]
    public void An_Event_Of_A_Pull_Request_As_Issue_Is_Told_Apart()
    {
        string issue = """{"number":7,"state":"open","labels":[],"pull_request":{"url":"u"}}""";
        Assert.True(Parse("issues", $$"""{"action":"opened","issue":{{issue}},"repository":{{Repository}} }""").Issue!.IsPullRequest);
    }

    [Fact]
    public void A_Ping_Needs_No_Repository()
    {
        WebhookDelivery delivery = Parse("ping", """{"zen":"Keep it logically awesome.","hook_id":1,"hook":{"type":"Organization"}}""");
        Assert.Equal("ping", delivery.Event);
        Assert.Null(delivery.Repository);
    }

    [Fact]
    public void An_Unknown_Event_Is_Not_Looked_Into()
    {
        WebhookDelivery delivery = Parse("star", $$"""{"action":"created","issue":"not an issue","repository":{{Repository}} }""");
        Assert.Equal("created", delivery.Action);
        Assert.Null(delivery.Issue);
    }

    [Fact]
    public void A_Form_Carries_The_Payload_In_A_Field()
    {
        string form = "payload=" + Uri.EscapeDataString($$"""{"action":"opened","issue":{{Issue}},"repository":{{Repository}} }""");
        WebhookDelivery delivery = WebhookParser.Parse("issues", "d", "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(form));
        Assert.Equal(7, delivery.Issue!.Number);
    }

    [Theory]
    [InlineData("""{"action":"opened","repository":{"full_name":"a/b"}}""", "issue: missing")]
    [InlineData("""{"action":"opened","issue":{"state":"open","labels":[]},"repository":{"full_name":"a/b"}}""", "issue.number: missing")]
    [InlineData("""{"action":"opened","issue":{"number":"7","state":"open","labels":[]},"repository":{"full_name":"a/b"}}""", "issue.number: expected a positive whole number")]
    [InlineData("""{"action":"opened","issue":{"number":0,"state":"open","labels":[]},"repository":{"full_name":"a/b"}}""", "issue.number")]
    [InlineData("""{"action":"opened","issue":{"number":1,"state":"ajar","labels":[]},"repository":{"full_name":"a/b"}}""", "issue.state")]
    [InlineData("""{"action":"opened","issue":{"number":1,"state":"open","labels":[{"nom":"x"}]},"repository":{"full_name":"a/b"}}""", "issue.labels[0].name: missing")]
    [InlineData("""{"action":"opened","issue":{"number":1,"state":"open","labels":{}},"repository":{"full_name":"a/b"}}""", "issue.labels: expected an array")]
    [InlineData("""{"action":"opened","issue":{"number":1,"state":"open","labels":[{"name":"\ud800"}]},"repository":{"full_name":"a/b"}}""", "issue.labels[0].name")]
    [InlineData("""{"action":"labeled","issue":{"number":1,"state":"open","labels":[]},"repository":{"full_name":"a/b"}}""", "label: missing")]
    [InlineData("""{"action":"opened","issue":{"number":1,"state":"open","labels":[]}}""", "repository: missing")]
    [InlineData("""{"action":"opened","issue":{"number":1,"state":"open","labels":[]},"repository":{"full_name":"a/b/c"}}""", "repository.full_name")]
    [InlineData("""{"issue":{"number":1,"state":"open","labels":[]},"repository":{"full_name":"a/b"}}""", "action: missing")]
    [InlineData("""{"action":["opened"],"issue":{"number":1,"state":"open","labels":[]},"repository":{"full_name":"a/b"}}""", "action: expected a string")]
    [InlineData("[]", "The payload: expected an object")]
    [InlineData("{", "not JSON")]
    [InlineData("", "not JSON")]
    public void A_Wrong_Payload_Is_Refused_With_The_Members_Name(string body, string expected)
    {
        MalformedDeliveryException refused = Assert.Throws<MalformedDeliveryException>(() => Parse("issues", body));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"action":"pinned","issue":{"number":1,"state":"open"},"repository":{"full_name":"a/b"},"sender":{"login":"x"}}""")]
    [InlineData("""{"action":"unpinned","issue":{"number":1},"repository":{"full_name":"a/b"}}""")]
    [InlineData("""{"action":"edited","issue":"text","repository":{"full_name":"a/b"},"sender":"x"}""")]
    [InlineData("""{"action":"transferred","repository":{"full_name":"a/b"},"changes":{"new_issue":[]}}""")]
    [InlineData("""{"action":"milestoned","issue":{"number":-1,"state":"ajar","labels":{}},"repository":{"full_name":"a/b"}}""")]
    public void Of_An_Issues_Event_That_Starts_Nothing_No_Member_Is_Needed(string body)
    {
        WebhookDelivery delivery = Parse("issues", body);

        Assert.Equal("a/b", delivery.Repository!.ToString());
        Assert.Null(delivery.Issue);
    }

    [Theory]
    [InlineData("pull_request", """{"action":"synchronize","pull_request":{"number":"9"},"repository":{"full_name":"a/b"}}""")]
    [InlineData("star", """{"action":7,"repository":{"full_name":"a/b"},"sender":{"login":["x"]}}""")]
    [InlineData("ping", """{"repository":{"full_name":"a/b"},"zen":null,"hook":{"events":3}}""")]
    public void Members_Of_The_Wrong_Kind_That_Nobody_Uses_Are_Passed_Over(string eventName, string body) =>
        Assert.Equal("a/b", Parse(eventName, body).Repository!.ToString());

    [Theory]
    [InlineData("opened", "", true)]
    [InlineData("opened", "\"labels\":null,\"state\":null,", true)]
    [InlineData("reopened", "\"state\":\"open\",", true)]
    [InlineData("closed", "\"labels\":null,", false)]
    [InlineData("closed", "\"state_reason\":null,\"updated_at\":null,", false)]
    public void Labels_And_State_May_Be_Missing_As_In_GitHubs_Schema(string action, string members, bool isOpen)
    {
        WebhookDelivery delivery = Parse("issues", $$"""{"action":"{{action}}","issue":{ {{members}} "number":7},"repository":{{Repository}} }""");

        Assert.Empty(delivery.Issue!.Labels);
        Assert.Equal((isOpen, 7), (delivery.Issue.IsOpen, delivery.Issue.Number));
        Assert.Null(delivery.Issue.UpdatedAt);
    }

    [Theory]
    [InlineData("issues", """{"action":"assigned","assignee":null,"issue":null,"repository":{"full_name":"a/b"}}""")]
    [InlineData("issues", """{"action":"deleted","issue":{"number":1.5,"labels":"none"},"repository":{"full_name":"a/b","node_id":7},"sender":null}""")]
    [InlineData("issues", """{"action":"typed","issue":{"number":1},"type":{"name":7},"repository":{"full_name":"a/b"}}""")]
    [InlineData("issues", """{"action":"","repository":{"full_name":"a/b"}}""")]
    [InlineData("issue_comment", """{"action":"created","issue":{"number":"1"},"comment":{},"repository":{"full_name":"a/b"}}""")]
    [InlineData("sub_issues", """{"action":"parent_issue_added","parent_issue":null,"repository":{"full_name":"a/b"}}""")]
    [InlineData("pull_request", """{"action":"labeled","pull_request":null,"label":null,"repository":{"full_name":"a/b"}}""")]
    [InlineData("label", """{"action":"deleted","label":{"name":null},"repository":{"full_name":"a/b"}}""")]
    [InlineData("repository", """{"action":"renamed","changes":{"repository":{"name":{"from":7}}},"repository":{"full_name":"a/b"}}""")]
    public void Events_And_Actions_That_Start_Nothing_Need_No_Members(string eventName, string body)
    {
        WebhookDelivery delivery = Parse(eventName, body);

        Assert.Equal("a/b", delivery.Repository!.ToString());
        Assert.Null(delivery.Issue);
        Assert.Null(delivery.PullRequest);
    }

    [Theory]
    [InlineData("installation", """{"action":"deleted","installation":{"id":"x"},"repositories":null}""")]
    [InlineData("organization", """{"action":"member_added","membership":7}""")]
    [InlineData("meta", """{"action":"deleted","repository":null}""")]
    [InlineData("ping", """{"repository":"a/b"}""")]
    [InlineData("workflow_run", """{"action":"completed","repository":{"full_name":["a/b"]}}""")]
    public void Events_Without_A_Repository_Are_Read_Too(string eventName, string body) => Assert.Null(Parse(eventName, body).Repository);

    [Fact]
    public void A_Form_May_Encode_Spaces_As_Plus_And_Have_Other_Fields()
    {
        string json = $$"""{"action":"labeled","issue":{{Issue}},"label":{"name":"needs clarification"},"repository":{{Repository}} }""";
        string form = "a=1&payload=" + Uri.EscapeDataString(json).Replace("%20", "+", StringComparison.Ordinal) + "&z";

        WebhookDelivery delivery = WebhookParser.Parse("issues", "d", "application/x-www-form-urlencoded; charset=UTF-8", Encoding.UTF8.GetBytes(form));

        Assert.Equal("needs clarification", delivery.Label);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(1_000)]
    [InlineData(50_000)]
    public void Unused_Json_May_Nest_Deeply(int depth)
    {
        string deep = new string('[', depth) + new string(']', depth);

        WebhookDelivery delivery = Parse("issues", $$"""{"deep":{{deep}},"action":"opened","issue":{{Issue}},"repository":{{Repository}} }""");

        Assert.Equal(7, delivery.Issue!.Number);
    }

    [Theory]
    [InlineData(null, "d", "X-GitHub-Event")]
    [InlineData("issues", null, "X-GitHub-Delivery")]
    [InlineData("issues", " ", "X-GitHub-Delivery")]
    public void A_Missing_Header_Is_Named(string? eventName, string? deliveryId, string expected)
    {
        MalformedDeliveryException refused = Assert.Throws<MalformedDeliveryException>(() => WebhookParser.Parse(eventName, deliveryId, null, "{}"u8.ToArray()));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_Utf8_Is_Refused()
    {
        byte[] body = [.. "{\"action\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        Assert.Throws<MalformedDeliveryException>(() => WebhookParser.Parse("issues", "d", "application/json", body));
    }

    private static WebhookDelivery Parse(string eventName, string body) =>
        WebhookParser.Parse(eventName, "delivery-1", "application/json", Encoding.UTF8.GetBytes(body));
}
