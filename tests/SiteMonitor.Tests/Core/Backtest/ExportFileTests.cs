using System.Text;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Core.Backtest;

public sealed class ExportFileTests
{
    private const string Header = """{"format":"site-monitor-export","version":1,"repository":"octo-org/site","exportedAt":"2026-03-01T00:00:00Z","isAnonymised":false}""";
    private const string Issue = """{"number":1,"title":"A","body":"B","createdAt":"2026-03-01T00:00:00Z"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_Is_Written_Is_Read_Again()
    {
        ExportHeader header = new()
        {
            Format = ExportHeader.FormatName, Version = ExportHeader.CurrentVersion, Repository = "octo-org/site", Since = At(1), ExportedAt = At(2), IsAnonymised = true,
        };
        IssueHistory issue = new()
        {
            Number = 7,
            Title = "Title with \u2028 and \ud83d\udea8",
            Body = "Line one\r\nLine two\n\u0085\0",
            Author = "mona-lisa",
            CreatedAt = At(3),
            ClosedAt = At(9),
            ClosedAs = CloseReason.NotPlanned,
            Labels = ["bug"],
            LabelEvents = [new LabelEvent(At(3), "bug", true, "mona-lisa", false), new LabelEvent(At(4), "urgent", false, "", true)],
            AssigneeEvents = [new AssigneeEvent(At(5), "hubot", true)],
            OwnComments = ["assignment"],
            PullRequests = [new LinkedPullRequest("octo-org/site", 8, "Copilot", true, PullRequestEnd.Merged)],
        };
        using StringWriter text = new();
        await ExportFile.WriteAsync(text, header);
        await ExportFile.WriteAsync(text, issue);

        Assert.Equal(3, text.ToString().Split('\n').Length);
        using StringReader reader = new(text.ToString());
        Assert.Equal(header, await ExportFile.ReadHeaderAsync(reader, Stop));
        Assert.Equivalent(issue, Assert.Single(await ExportFile.ReadIssuesAsync(reader, Stop).ToListAsync(Stop)), strict: true);
    }

    [Theory]
    [InlineData(1, "the file is empty", "")]
    [InlineData(1, "is an invalid", "not json")]
    [InlineData(1, "format must be 'site-monitor-export'", "{}")]
    [InlineData(1, "version 2 is not known here", """{"format":"site-monitor-export","version":2,"repository":"o/r"}""")]
    [InlineData(1, "repository must be owner/name", """{"format":"site-monitor-export","version":1,"repository":"nonsense"}""")]
    [InlineData(2, "null is not an object", Header, "null")]
    [InlineData(2, "missing required properties", Header, "{\"number\":1}")]
    [InlineData(3, "number must be 1 or more", Header, Issue, """{"number":0,"title":"A","body":"B","createdAt":"2026-03-01T00:00:00Z"}""")]
    [InlineData(3, "issue 1 is in the file twice", Header, Issue, Issue)]
    [InlineData(4, "could not be converted", Header, Issue, "", """{"number":2,"title":"A","body":"B","createdAt":"soon"}""")]
    [InlineData(3, "end of data", Header, Issue, "{\"number\":2,\"ti")]
    public async Task A_Malformed_Line_Is_Refused_With_Its_Number_And_The_Reason(int line, string reason, params string[] lines)
    {
        using StringReader reader = new(string.Join('\n', lines));

        ExportException refused = await Assert.ThrowsAsync<ExportException>(async () =>
        {
            await ExportFile.ReadHeaderAsync(reader, Stop);
            await ExportFile.ReadIssuesAsync(reader, Stop).ToListAsync(Stop);
        });

        Assert.StartsWith($"Line {line} of the export: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_Thousand_Issues_Are_Read_One_At_A_Time()
    {
        const int Count = 10_000;
        using GeneratedLines lines = new(Count);
        List<WeakReference> seen = [];
        int mostAlive = 0;
        await ExportFile.ReadHeaderAsync(lines, Stop);

        await foreach (IssueHistory issue in ExportFile.ReadIssuesAsync(lines, Stop))
        {
            seen.Add(new WeakReference(issue));
            Assert.Equal(seen.Count, lines.Given - 1);
            if (seen.Count % 1_000 == 0)
            {
                GC.Collect();
                mostAlive = Math.Max(mostAlive, seen.Count(s => s.IsAlive));
            }
        }

        Assert.Equal(Count, seen.Count);
        Assert.InRange(mostAlive, 1, 10);
    }

    private static DateTimeOffset At(int minute) => new(2026, 3, 1, 0, minute, 0, TimeSpan.Zero);

    /// <summary>A long export that exists a line at a time.</summary>
    private sealed class GeneratedLines(int count) : TextReader
    {
        private readonly string _body = new StringBuilder().Insert(0, "A threat actor. ", 500).ToString();

        /// <summary>Lines that were asked for, the header included.</summary>
        public int Given { get; private set; }

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
        {
            string? line = Given == 0 ? Header
                : Given > count ? null
                : $$"""{"number":{{Given}},"title":"A","body":"{{_body}}","createdAt":"2026-03-01T00:00:00Z"}""";
            Given += line is null ? 0 : 1;
            return ValueTask.FromResult(line);
        }
    }
}
