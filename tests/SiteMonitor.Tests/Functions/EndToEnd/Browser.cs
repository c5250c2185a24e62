using System.Diagnostics;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A headless Chromium where the machine has one; skips the test otherwise.</summary>
internal static class Browser
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

    /// <summary>Opens the page, lets its script run, and gives the document and what the console said.</summary>
    public static async Task<(string Document, string Console)> OpenAsync(Uri page, string profile)
    {
        string browser = Find() ?? throw Xunit.Sdk.SkipException.ForSkip("No Chromium, Chrome or Edge is on the PATH.");
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--enable-logging=stderr",
            $"--user-data-dir={profile}", "--virtual-time-budget=8000", "--dump-dom", page.AbsoluteUri,
        ];
        using Process process = Process.Start(new ProcessStartInfo(browser, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        try
        {
            Task<string> console = process.StandardError.ReadToEndAsync(patience.Token);
            string document = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (document, await console);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string? Find()
    {
        string[] extensions = OperatingSystem.IsWindows() ? [".exe"] : [string.Empty];
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .SelectMany(folder => Names.SelectMany(name => extensions.Select(extension => Path.Combine(folder, name + extension))))
            .FirstOrDefault(File.Exists);
    }
}
