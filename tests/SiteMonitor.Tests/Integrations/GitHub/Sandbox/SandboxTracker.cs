using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Sandbox;

namespace SiteMonitor.Tests.Integrations.GitHub.Sandbox;

/// <summary>The tracker as the app registers it, against the strict simulated GitHub.</summary>
internal sealed class SandboxTracker : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly CallMeter _meter;

    private SandboxTracker(SandboxServer server, ServiceProvider provider)
    {
        Server = server;
        _provider = provider;
        Tracker = provider.GetRequiredService<IIssueTracker>();
        History = provider.GetRequiredService<IIssueHistoryReader>();
        _meter = CallMeter.Start();
    }

    public SandboxServer Server { get; }

    public IIssueTracker Tracker { get; }

    public IIssueHistoryReader History { get; }

    public static GuidanceMarkers Markers { get; } = new("a secret of the tests");

    /// <summary>What the test's calls came to so far, waits left out.</summary>
    public Usage Usage => _meter.Total with { WaitMs = 0 };

    public static Task<SandboxServer> StartAsync(Func<SandboxOptions, SandboxOptions>? set = null) =>
        SandboxServer.StartAsync(set?.Invoke(TestSandbox.Options) ?? TestSandbox.Options, TestContext.Current.CancellationToken);

    /// <remarks>Not asynchronous, so that the meter reaches the test's flow.</remarks>
    public static SandboxTracker For(SandboxServer server, params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("GitHub:ApiBaseUrl", server.BaseAddress.ToString()), new("GitHub:Token", server.Credentials.Token), new("GitHub:CopilotToken", server.Credentials.CopilotToken),
                new("GitHub:WebhookSecret", "s"), new("GitHub:WriteInterval", "00:00:00"),
            ])
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"GitHub:{s.Name}", (string?)s.Value)))
            .Build();
        return new SandboxTracker(server, new ServiceCollection().AddLogging().AddSingleton(TestCatalogue.Value).AddSingleton(Markers).AddSingleton<IRunLedger>(new MemoryLedger()).AddSingleton<IRepositoryNameStore>(new MemoryRepositoryNameStore()).AddGitHub(configuration).BuildServiceProvider());
    }

    public static IssueRef Issue(int number, string repository = SeedCatalogue.Repository) => new(RepositoryRef.Parse(repository), number);

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _provider.DisposeAsync();
        await Server.DisposeAsync();
    }
}
