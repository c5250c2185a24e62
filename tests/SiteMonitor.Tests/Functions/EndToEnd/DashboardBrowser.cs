using Microsoft.Playwright;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A headless Chromium for the dashboard's tests, where the machine has one; skips the test otherwise.</summary>
public sealed class DashboardBrowser : IAsyncLifetime
{
    private Browser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000);
        _browser = await Browser.StartAsync();
    }

    /// <summary>Opens a page that keeps what its console complains about.</summary>
    internal async Task<DashboardPage> OpenAsync(Uri application, int width = 1280, int height = 900, ColorScheme theme = ColorScheme.Light)
    {
        IBrowser browser = _browser?.Chromium ?? throw Xunit.Sdk.SkipException.ForSkip("No Chromium, Chrome or Edge is on the PATH.");
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = application.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new DashboardPage(context, await context.NewPageAsync());
    }

    public ValueTask DisposeAsync() => _browser?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The dashboard in one browser window.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public DashboardPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(30_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, and exceptions of the script.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Opens the page with the key and waits until all of it is shown.</summary>
    public async Task ShowAsync(string key)
    {
        await Page.GotoAsync($"api/dashboard#key={key}");
        await Page.WaitForSelectorAsync("body[data-ready=yes]");
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Keeps a picture for the documentation when <c>UPDATE_DOCS=1</c> is set.</summary>
    public async Task KeepPictureAsync(string name, int? height = null)
    {
        byte[] picture = await Page.ScreenshotAsync(height is { } rows
            ? new PageScreenshotOptions { FullPage = true, Clip = new Clip { X = 0, Y = 0, Width = Page.ViewportSize!.Width, Height = rows } }
            : null);
        Assert.InRange(picture.Length, 5_000, 400_000);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            string file = RepositoryRoot.File("docs", "images", $"{name}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, picture);
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
