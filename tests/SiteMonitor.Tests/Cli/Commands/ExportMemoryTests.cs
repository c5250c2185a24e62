using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Cli.Commands;

/// <summary>Runs alone, so that what the process holds is what the export holds.</summary>
[CollectionDefinition(nameof(ExportMemoryTests), DisableParallelization = true)]
[Collection(nameof(ExportMemoryTests))]
public sealed class ExportMemoryTests : IDisposable
{
    private const int PageSize = 25;
    private const int BodyLength = 20_000;

    private readonly TestDirectory _directory = new();
    private readonly StringWriter _text = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_Thousand_Issues_Take_No_More_Memory_Than_Two_Hundred(bool isAnonymised)
    {
        const int Few = 200;
        const int Many = 2_000;
        GeneratedHistory history = new(Many, Few);

        int exitCode = await SiteMonitorCommand.RunAsync(
            new Terminal
            {
                Out = Consoles.Plain(_text),
                Error = Consoles.Plain(_text),
                Environment = static _ => null,
                WorkingDirectory = _directory.Path,
                Http = () => history,
            },
            ["export", "--repo", "octo-org/site", "--out", "export.json", .. isAnonymised ? (string[])["--anonymise"] : []],
            TestContext.Current.CancellationToken);

        Assert.True(exitCode == ExitCode.Ok, _text.ToString());
        Assert.InRange(new FileInfo(Path.Combine(_directory.Path, "export.json")).Length, (long)Many * BodyLength, long.MaxValue);

        // Kept, the texts of the issues between would take 72 MB (two bytes a character).
        const long Kept = (Many - Few) * BodyLength * 2L;
        Assert.InRange(history.BytesAtEnd - history.BytesAtFew, long.MinValue, Kept / 3);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _text.Dispose();
    }

    /// <summary>Answers <c>GET history</c> with pages that exist one at a time, and measures the live bytes before two of them.</summary>
    private sealed class GeneratedHistory(int count, int few) : HttpMessageHandler
    {
        public long BytesAtFew { get; private set; }

        public long BytesAtEnd { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int done = int.Parse(HttpUtility.ParseQueryString(request.RequestUri!.Query)["after"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            if (done == few)
            {
                BytesAtFew = GC.GetTotalMemory(forceFullCollection: true);
            }

            int next = done + PageSize;
            if (next == count)
            {
                BytesAtEnd = GC.GetTotalMemory(forceFullCollection: true);
            }

            HistoryPage page = new([.. Enumerable.Range(done + 1, PageSize).Select(CreateIssue)], next < count ? $"{next}" : null, count);
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(page, ExportJson.Default.HistoryPage);
            HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new ByteArrayContent(json) };
            response.Content.Headers.ContentType = new("application/json");
            return Task.FromResult(response);
        }

        private static IssueHistory CreateIssue(int number) => new()
        {
            Number = number,
            Title = $"Finding {number}",
            Body = new StringBuilder($"Finding {number} of @mona-lisa. ").Append('a', BodyLength).ToString(),
            Author = "mona-lisa",
            CreatedAt = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(number),
        };
    }
}
