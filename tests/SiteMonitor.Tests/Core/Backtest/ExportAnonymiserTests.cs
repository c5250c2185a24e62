using System.Text.Json;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Core.Backtest;

public sealed class ExportAnonymiserTests
{
    private static readonly RepositoryRef Repository = RepositoryRef.Parse("octo-org/site");
    private readonly ExportAnonymiser _anonymiser = new(ExportAnonymiser.CreateKey(), Repository);

    [Fact]
    public void No_Login_And_No_Address_Is_Left_Of_An_Issue()
    {
        string[] people = ["mona-lisa", "Hubot", "grace_acme", "zoe"];
        IssueHistory issue = Issue("Found by mona-lisa", """
            Ask @Hubot, Mona-Lisa or @zoe: Ada.Lovelace+x@mail.example.org, mailto:ZOE@example.com, <ünï.cödé@bücher.example>.
            See https://github.com/grace_acme/tools and github.com/stranger, and @somebody-else.
            """) with
        {
            LabelEvents = [new LabelEvent(default, "bug", true, "Hubot", false)],
            AssigneeEvents = [new AssigneeEvent(default, "zoe", true)],
            PullRequests = [new LinkedPullRequest("grace_acme/site", 4, "grace_acme", false, PullRequestEnd.Open)],
        };

        string text = JsonSerializer.Serialize(_anonymiser.Anonymise(issue), ExportJson.Default.IssueHistory);

        Assert.All(
            [.. people, "stranger", "somebody-else", "lovelace", "example.org", "example.com", "cher.example", "@mail"],
            name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("Found by person-", text, StringComparison.Ordinal);
        Assert.Contains("(e-mail address)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Login_Has_One_Pseudonym_In_A_File_And_Another_In_The_Next()
    {
        IssueHistory first = _anonymiser.Anonymise(Issue("@MONA-LISA", "") with { AssigneeEvents = [new AssigneeEvent(default, "Mona-Lisa", true)] });
        IssueHistory second = _anonymiser.Anonymise(Issue("x", "mona-lisa"));

        Assert.Matches("^person-[0-9a-f]{12}$", first.Author);
        Assert.Equal([first.Author, first.Author, first.Author], [second.Author, second.Body, first.AssigneeEvents[0].Assignee]);
        Assert.Equal($"@{first.Author}", first.Title);
        Assert.NotEqual(first.Author, new ExportAnonymiser(ExportAnonymiser.CreateKey(), Repository).Anonymise(Issue("x", "")).Author);
    }

    [Theory]
    [InlineData("watchtower-monitor[bot]")]
    [InlineData("copilot-swe-agent[bot]")]
    [InlineData("Copilot")]
    [InlineData("")]
    public void Programs_And_Deleted_Accounts_Stay(string author) =>
        Assert.Equal(author, _anonymiser.Anonymise(Issue("x", "y") with { Author = author }).Author);

    [Theory]
    [InlineData("https://github.com/octo-org/site/issues/7 and @dependabot[bot], mona-lisa-like, xmona-lisa, price @ 5 $, a@b")]
    [InlineData("An attacker used CVE-2025-1234 at portal.example (10.0.0.1).")]
    public void Other_Text_Stays(string text) => Assert.Equal(text, _anonymiser.Anonymise(Issue("x", text)).Body);

    [Fact]
    public void A_Long_Hostile_Text_Takes_No_Longer_Than_A_Long_One()
    {
        string[] texts = [new string('a', 65_000), string.Concat(Enumerable.Repeat("a.", 32_000)), string.Concat(Enumerable.Repeat("a@a.", 16_000)), new string('@', 65_000)];

        // Quadratic patterns would take minutes.
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.All(texts, text => _anonymiser.Anonymise(Issue(text, text)));
        Assert.False(patience.IsCancellationRequested);
    }

    private static IssueHistory Issue(string title, string body) =>
        new() { Number = 1, Title = title, Body = body, Author = "mona-lisa", CreatedAt = DateTimeOffset.UnixEpoch };
}
