using System.Net;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class ReportRouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "text/markdown", "## Technical metrics")]
    [InlineData("?format=html", "text/html", "<h2>Technical metrics</h2>")]
    [InlineData("?format=json&days=1", "application/json", "\"technical\":[")]
    public async Task The_Report_Comes_In_The_Format_Asked_For(string query, string type, string holds)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.GetAsync($"api/report{query}", Stop);

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(holds, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Note_Survives_A_Restart()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        HttpResponseMessage added = await app.PostAsync("api/report/notes", new { @operator = "kim", about = "well", text = "No night was lost" });
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);

        await app.RestartAsync();

        Assert.Contains("No night was lost (N-1, kim", await app.Http.GetStringAsync("api/report", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_Format_Is_Refused_By_Name()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.GetAsync("api/report?format=pdf&days=0", Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("format: use md, html or json.", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }
}
