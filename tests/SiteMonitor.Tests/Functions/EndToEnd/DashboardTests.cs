using System.Net;
using SiteMonitor.Functions.Dashboard;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class DashboardTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Page_Comes_With_A_Policy_That_Lets_Nothing_In_From_Elsewhere()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.GetAsync("api/dashboard", Stop);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain("{{", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_A_Key_There_Is_No_Page()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        using HttpClient stranger = new() { BaseAddress = app.Http.BaseAddress };

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("api/dashboard", Stop)).StatusCode);
    }

    [Fact]
    public void Nothing_Is_Loaded_From_Elsewhere_And_No_Markup_Is_Made_Of_Text()
    {
        string page = DashboardPage.Html.Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal);

        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", page, StringComparison.Ordinal);
        Assert.DoesNotContain("eval(", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_A_Browser_It_Shows_Phase_Figures_Gate_Flags_And_Runs()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        await app.RunAsync(app.OpenClear());
        using TestDirectory profile = new();
        string key = app.Http.DefaultRequestHeaders.GetValues("x-functions-key").Single();

        (string document, string console) = await Browser.OpenAsync(new Uri(app.Http.BaseAddress!, $"api/dashboard?code={key}"), profile.Path);

        Assert.DoesNotContain("Content Security Policy", console, StringComparison.Ordinal);
        Assert.Contains("data-ready=\"yes\"", document, StringComparison.Ordinal);
        Assert.Contains("aria-current=\"step\"", document, StringComparison.Ordinal);
        Assert.Contains("✓ Success rate", document, StringComparison.Ordinal);
        Assert.Contains("UnifiedPipeline.Analysis", document, StringComparison.Ordinal);
        Assert.Contains("<circle", document, StringComparison.Ordinal);
        Assert.Contains("1 runs over time, 0 of them failed", document, StringComparison.Ordinal);
        Assert.Contains("<td>succeeded</td>", document.Replace(" class=\"\"", string.Empty, StringComparison.Ordinal).Replace(" title=\"\"", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(key, document, StringComparison.Ordinal);
    }
}
