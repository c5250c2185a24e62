using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Tests.Functions.Triggers.Http;

public sealed class RequestChecksTests
{
    [Fact]
    public void A_Route_Names_An_Issue()
    {
        List<string> errors = [];

        Assert.Equal(IssueRef.Parse("Octo-Org/my.site_1#12"), RequestChecks.ParseIssue("Octo-Org", "my.site_1", "12", errors));
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
    public void Every_Fault_Of_A_Route_Is_Named(string owner, string repo, string number, int faults)
    {
        List<string> errors = [];

        Assert.Null(RequestChecks.ParseIssue(owner, repo, number, errors));
        Assert.Equal(faults, errors.Count);
    }

    [Theory]
    [InlineData(null, "normal")]
    [InlineData(" URGENT ", "urgent")]
    public void A_Priority_Is_Read_In_Any_Case(string? text, string expected)
    {
        List<string> errors = [];

        Assert.Equal(expected, RequestChecks.ParsePriority(text, errors));
        Assert.Empty(errors);
    }

    [Fact]
    public void An_Unknown_Priority_Or_Stage_Is_Refused_With_What_Is_Allowed()
    {
        List<string> errors = [];

        RequestChecks.ParsePriority("asap", errors);
        RequestChecks.ParseStage("everything", errors);

        Assert.Collection(
            errors,
            error => Assert.Contains("normal or urgent", error, StringComparison.Ordinal),
            error => Assert.Contains("auto, analysis, preparation or all", error, StringComparison.Ordinal));
    }
}
