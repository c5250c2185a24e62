using System.Net;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class ReportRouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "text/markdown", "## Technical metrics")]
    [InlineData("?format=html", "text/html", "<h2>Technical metrics</h2>")]
    [InlineData("?format=json&days=1", "application/json", "\"technical\":[")]
    public async Task The_report_comes_in_the_format_asked_for(string query, string type, string holds)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.GetAsync($"api/report{query}", Stop);

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(holds, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_format_is_refused_by_name()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.GetAsync("api/report?format=pdf&days=0", Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("format: use md, html or json.", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }
}
