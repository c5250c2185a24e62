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
    public void Message_code_and_what_was_spent_come_back_as_they_went()
    {
        string text = FailureMessage.Write(new TransientFailureException("github-server-error", "GitHub answered 502."), Spent);

        Assert.Equal(("github-server-error", "GitHub answered 502.", Spent), FailureMessage.Read(text));
    }

    [Fact]
    public void A_message_that_carries_nothing_is_unexpected_and_free() =>
        Assert.Equal(("unexpected", "(unknown)", Usage.Zero), FailureMessage.Read("(unknown)"));

    [Fact]
    public void A_suffix_in_the_middle_of_a_message_is_only_text()
    {
        string inner = FailureMessage.Write(new PermanentFailureException("inner", "x"), Spent);
        string text = FailureMessage.Write(new PermanentFailureException("outer", $"It said: {inner}"), Usage.Zero);

        (string code, string reason, Usage spent) = FailureMessage.Read(text);

        Assert.Equal("outer", code);
        Assert.Equal($"It said: {inner}", reason);
        Assert.Equal(Usage.Zero, spent);
    }

    [Property]
    public bool Any_text_can_be_read(string? text) => FailureMessage.Read(text ?? string.Empty).Reason == (text ?? string.Empty);
}
