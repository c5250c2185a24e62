using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>An OpenTelemetry collector that keeps what it receives.</summary>
internal sealed class TelemetryCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = new();

    private TelemetryCollector()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((signal, body.ToArray()));
        });
    }

    /// <summary>Settings that send telemetry here.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    public static async Task<TelemetryCollector> StartAsync()
    {
        TelemetryCollector collector = new();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Everything received of a signal (<c>metrics</c>, <c>traces</c>), where texts can be found.</summary>
    public string TextOf(string signal) => Encoding.Latin1.GetString([.. _received.Where(r => r.Signal == signal).SelectMany(r => r.Body)]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
