using Microsoft.Playwright;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>A headless Chromium, Chrome or Edge of this machine.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
    private readonly IPlaywright _playwright;

    private Browser(IPlaywright playwright, IBrowser chromium) => (_playwright, Chromium) = (playwright, chromium);

    public IBrowser Chromium { get; }

    /// <summary>Returns null when no such browser is on the PATH.</summary>
    public static async Task<Browser?> StartAsync()
    {
        if (Find() is not { } path)
        {
            return null;
        }

        IPlaywright playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] }));
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        _playwright.Dispose();
    }

    private static string? Find()
    {
        string[] extensions = OperatingSystem.IsWindows() ? [".exe"] : [string.Empty];
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .SelectMany(folder => Names.SelectMany(name => extensions.Select(extension => Path.Combine(folder, name + extension))))
            .FirstOrDefault(File.Exists);
    }
}
