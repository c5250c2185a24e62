using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.OpenAI;

/// <summary>The model adapter as the app registers it, against a server on loopback.</summary>
internal sealed class ModelUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly CallMeter _meter;

    private ModelUnderTest(FakeServer server, ServiceProvider provider)
    {
        Server = server;
        _provider = provider;
        Model = provider.GetRequiredService<IAnalysisModel>();
        _meter = CallMeter.Start();
    }

    public static AnalysisText Text { get; } = new("A finding", ["urgent"], "Body of the finding");

    public FakeServer Server { get; }

    public IAnalysisModel Model { get; }

    public Usage Usage => _meter.Total;

    /// <remarks>Not asynchronous, so that the meter reaches the test's flow.</remarks>
    public static ModelUnderTest For(FakeServer server, params (string Name, string Value)[] settings) => For(server, null, settings);

    public static ModelUnderTest For(FakeServer server, IAnalysisCache? cache, params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("AzureOpenAI:Endpoint", server.Url), new("AzureOpenAI:Deployment", "analysis"), new("AzureOpenAI:ApiKey", "the-key"), new("AzureOpenAI:Timeout", "00:00:05"),
            ])
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"AzureOpenAI:{s.Name}", (string?)s.Value)))
            .Build();
        IServiceCollection services = new ServiceCollection().AddLogging();
        if (cache is not null)
        {
            services.AddSingleton(cache);
        }

        return new ModelUnderTest(server, services.AddAnalysisModel(configuration).BuildServiceProvider());
    }

    public Task<CallResult<ModelResult>> AskAsync(AnalysisText? text = null) => Model.AnalyzeAsync(text ?? Text, TestCatalogue.Value, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _provider.DisposeAsync();
        await Server.DisposeAsync();
    }
}
