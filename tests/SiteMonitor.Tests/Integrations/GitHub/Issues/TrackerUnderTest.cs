using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

/// <summary>The tracker as the app registers it, against a server on loopback.</summary>
internal sealed class TrackerUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly CallMeter _meter;

    private TrackerUnderTest(FakeServer server, ServiceProvider provider)
    {
        Server = server;
        _provider = provider;
        Tracker = provider.GetRequiredService<IIssueTracker>();
        _meter = CallMeter.Start();
    }

    public FakeServer Server { get; }

    public IIssueTracker Tracker { get; }

    /// <summary>What the test's calls came to so far.</summary>
    public Usage Usage => _meter.Total;

    public static IssueRef Issue { get; } = IssueRef.Parse("octo-org/site#7");

    /// <remarks>Not asynchronous, so that the meter reaches the test's flow.</remarks>
    public static TrackerUnderTest For(FakeServer server, params (string Name, string Value)[] settings) =>
        For(server, new MemoryLedger(), settings);

    public static TrackerUnderTest For(FakeServer server, IRunLedger ledger, params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("GitHub:ApiBaseUrl", server.Url), new("GitHub:Token", "app-token"), new("GitHub:CopilotToken", "user-token"), new("GitHub:WebhookSecret", "s"),
                new("GitHub:WriteInterval", "00:00:00"), new("GitHub:RequestTimeout", "00:00:05"),
            ])
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"GitHub:{s.Name}", (string?)s.Value)))
            .Build();
        return new TrackerUnderTest(
            server,
            new ServiceCollection().AddLogging().AddSingleton(TestCatalogue.Value).AddSingleton(ledger).AddSingleton<IRepositoryNameStore>(new MemoryRepositoryNameStore()).AddGitHub(configuration).BuildServiceProvider());
    }

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _provider.DisposeAsync();
        await Server.DisposeAsync();
    }
}
