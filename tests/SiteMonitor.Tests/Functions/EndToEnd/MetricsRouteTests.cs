using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class MetricsRouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Summary_And_The_Text_Say_What_The_Ledger_Says()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        await app.RunAsync(app.OpenClear());

        using JsonDocument summary = JsonDocument.Parse(await app.Http.GetStringAsync("api/metrics?days=1", Stop));
        using HttpRequestMessage request = new(HttpMethod.Get, "api/metrics") { Headers = { Accept = { MediaTypeWithQualityHeaderValue.Parse(OpenMetricsText.MediaType) } } };
        HttpResponseMessage text = await app.Http.SendAsync(request, Stop);

        JsonElement calls = summary.RootElement.GetProperty("figures").EnumerateArray().Single(f => f.GetProperty("id").GetString() == "github-calls-per-issue");
        Assert.Equal((5, "met"), (calls.GetProperty("value").GetInt32(), calls.GetProperty("status").GetString()));
        Assert.Equal("succeeded", Assert.Single(summary.RootElement.GetProperty("recent").EnumerateArray()).GetProperty("outcome").GetString());
        Assert.Equal(OpenMetricsText.MediaType, text.Content.Headers.ContentType?.MediaType);
        string body = await text.Content.ReadAsStringAsync(Stop);
        OpenMetricsCheck.Run(body);
        Assert.Contains("sitemonitor_github_calls_total{kind=\"write\"} 3\n", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("91")]
    [InlineData("week")]
    public async Task A_Span_That_Is_None_Is_Refused(string days)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.GetAsync($"api/metrics?days={days}", Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
