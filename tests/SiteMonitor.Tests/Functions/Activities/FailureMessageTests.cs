using FsCheck.Xunit;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Tests.Functions.Activities;

public sealed class FailureMessageTests
{
    private static readonly Usage Spent = new()
    {
        GitHubReads = 1,
        GitHubWrites = 2,
        GitHubExtra = 3,
        ModelCalls = 4,
        PromptTokens = 5000,
        CompletionTokens = 600,
        Dollars = 0.00123m,
        CacheHits = 7,
        WaitMs = 123456,
    };

    [Fact]
    public void Parse_Returns_What_Format_Was_Given()
    {
        string text = FailureMessage.Format(new TransientFailureException("github-server-error", "GitHub answered 502."), Spent);

        Assert.Equal(new FailureMessage("github-server-error", "GitHub answered 502.", Spent), FailureMessage.Parse(text));
    }

    [Fact]
    public void Any_Other_Message_Is_Unexpected_And_Without_Usage() =>
        Assert.Equal(new FailureMessage("unexpected", "(unknown)", Usage.Zero), FailureMessage.Parse("(unknown)"));

    [Fact]
    public void A_Formatted_Message_Within_A_Reason_Is_Part_Of_The_Reason()
    {
        string inner = FailureMessage.Format(new PermanentFailureException("inner", "x"), Spent);
        string text = FailureMessage.Format(new PermanentFailureException("outer", $"It said: {inner}"), Usage.Zero);

        Assert.Equal(new FailureMessage("outer", $"It said: {inner}", Usage.Zero), FailureMessage.Parse(text));
    }

    [Theory]
    [InlineData("It failed.\n{")]
    [InlineData("It failed.\n{}")]
    [InlineData("It failed.\n{\"code\":\"x\"}")]
    [InlineData("It failed.\n{\"code\":5,\"usage\":{}}")]
    public void A_Message_With_Other_Json_Is_Unexpected(string text) =>
        Assert.Equal(new FailureMessage("unexpected", text, Usage.Zero), FailureMessage.Parse(text));

    [Property]
    public bool Any_Text_Can_Be_Parsed(string? text) => FailureMessage.Parse(text ?? string.Empty).Reason == (text ?? string.Empty);
}
