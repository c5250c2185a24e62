using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Tests.Functions.Triggers.Http;

public sealed class RequestChecksTests
{
    [Fact]
    public void A_route_names_an_issue()
    {
        List<string> errors = [];

        Assert.Equal(IssueRef.Parse("Octo-Org/my.site_1#12"), RequestChecks.Issue("Octo-Org", "my.site_1", "12", errors));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("o", "r", "0", 1)]
    [InlineData("o", "r", "-1", 1)]
    [InlineData("o", "r", "abc", 1)]
    [InlineData("o", "r", "99999999999", 1)]
    [InlineData("o", "a%2Fb", "1", 1)]
    [InlineData("-o", "..", "x", 2)]
    [InlineData("o#1", "r", "1", 1)]
    public void Every_fault_of_a_route_is_named(string owner, string repo, string number, int faults)
    {
        List<string> errors = [];

        Assert.Null(RequestChecks.Issue(owner, repo, number, errors));
        Assert.Equal(faults, errors.Count);
    }

    [Theory]
    [InlineData(null, "normal")]
    [InlineData(" URGENT ", "urgent")]
    public void A_priority_is_read_in_any_case(string? text, string expected)
    {
        List<string> errors = [];

        Assert.Equal(expected, RequestChecks.Priority(text, errors));
        Assert.Empty(errors);
    }

    [Fact]
    public void An_unknown_priority_or_stage_is_refused_with_what_is_allowed()
    {
        List<string> errors = [];

        RequestChecks.Priority("asap", errors);
        RequestChecks.Stage("everything", errors);

        Assert.Collection(
            errors,
            error => Assert.Contains("normal or urgent", error, StringComparison.Ordinal),
            error => Assert.Contains("auto, analysis, preparation or all", error, StringComparison.Ordinal));
    }
}
