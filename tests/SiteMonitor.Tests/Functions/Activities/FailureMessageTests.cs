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
    public void Message_Code_And_What_Was_Spent_Come_Back_As_They_Went()
    {
        string text = FailureMessage.Write(new TransientFailureException("github-server-error", "GitHub answered 502."), Spent);

        Assert.Equal(("github-server-error", "GitHub answered 502.", Spent), FailureMessage.Read(text));
    }

    [Fact]
    public void A_Message_That_Carries_Nothing_Is_Unexpected_And_Free() =>
        Assert.Equal(("unexpected", "(unknown)", Usage.Zero), FailureMessage.Read("(unknown)"));

    [Fact]
    public void A_Suffix_In_The_Middle_Of_A_Message_Is_Only_Text()
    {
        string inner = FailureMessage.Write(new PermanentFailureException("inner", "x"), Spent);
        string text = FailureMessage.Write(new PermanentFailureException("outer", $"It said: {inner}"), Usage.Zero);

        (string code, string reason, Usage spent) = FailureMessage.Read(text);

        Assert.Equal("outer", code);
        Assert.Equal($"It said: {inner}", reason);
        Assert.Equal(Usage.Zero, spent);
    }

    [Property]
    public bool Any_Text_Can_Be_Read(string? text) => FailureMessage.Read(text ?? string.Empty).Reason == (text ?? string.Empty);
}
