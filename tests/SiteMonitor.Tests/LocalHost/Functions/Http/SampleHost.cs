using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Functions.Http;

/// <summary>The host around the sample functions, on its own port.</summary>
public sealed class SampleHost : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();
    private WebApplication? _app;

    public HttpClient Client { get; } = new();

    public SampleLog Log => _app!.Services.GetRequiredService<SampleLog>();

    internal FunctionKeys Keys => _app!.Services.GetRequiredService<FunctionKeys>();

    public async ValueTask InitializeAsync()
    {
        _app = LocalHostApplication.Build(new LocalHostOptions
        {
            Root = _directory.Path,
            Data = DataDirectory.Open(Path.Combine(_directory.Path, "data")),
            Keys = new FunctionKeys("function-key", "master-key"),
            Port = 0,
            UseEnvironment = false,
            FunctionTypes = [typeof(SampleHttpFunctions)],
            AddApp = (services, _) => services.AddSingleton<SampleLog>().AddLogging(l => l.ClearProviders()),
        });
        await _app.StartAsync();
        Client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? header = null)
    {
        HttpRequestMessage request = new(HttpMethod.Get, path);
        if (header is not null)
        {
            request.Headers.Add("x-functions-key", header);
        }

        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        _directory.Dispose();
    }
}
