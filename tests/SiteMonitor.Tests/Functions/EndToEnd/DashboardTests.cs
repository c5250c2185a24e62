using System.Net;
using SiteMonitor.Functions.Dashboard;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class DashboardTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_comes_with_a_policy_that_lets_nothing_in_from_elsewhere()
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
    public async Task Without_a_key_there_is_no_page()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        using HttpClient stranger = new() { BaseAddress = app.Http.BaseAddress };

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("api/dashboard", Stop)).StatusCode);
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere_and_no_markup_is_made_of_text()
    {
        string page = DashboardPage.Html.Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal);

        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", page, StringComparison.Ordinal);
        Assert.DoesNotContain("eval(", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_browser_it_shows_phase_figures_gate_flags_and_runs()
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
