using System.Diagnostics;
using System.Text.RegularExpressions;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Integrations.Storage;

/// <summary>The storage emulator, started when a test first needs it, in memory, on a port of its own.</summary>
public sealed partial class Azurite : IAsyncDisposable
{
    /// <summary>The emulator's published, well-known account: no secret.</summary>
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private Process? _process;
    private Uri? _address;

    /// <summary>Settings with a container that no other test uses.</summary>
    public async Task<LedgerOptions> OptionsAsync() => new()
    {
        ConnectionString = $"{Account};BlobEndpoint={await StartAsync()}devstoreaccount1",
        Container = $"test-{Guid.NewGuid():n}",
    };

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        _process?.Dispose();
        _semaphore.Dispose();
    }

    private async Task<Uri> StartAsync()
    {
        string script = await NodeTools.FileAsync("azurite", Path.Combine("dist", "src", "blob", "main.js"));
        await _semaphore.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _address ??= await LaunchAsync(script);
        }
        finally
        {
            _semaphore.Release();
        }
    }

    private async Task<Uri> LaunchAsync(string script)
    {
        string[] arguments = [script, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", "0"];
        _process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() })!;
        TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (Listening().Match(line.Data ?? string.Empty) is { Success: true } match)
            {
                listening.TrySetResult(new Uri(match.Groups[1].Value));
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return await listening.Task.WaitAsync(StartTimeout, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("successfully listens on (http://\\S+)")]
    private static partial Regex Listening();
}

/// <summary>Tests that share one emulator.</summary>
[CollectionDefinition(Name)]
public sealed class SharedAzurite : ICollectionFixture<Azurite>
{
    public const string Name = "Azurite";
}
