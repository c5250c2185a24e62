using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_Collector_Gets_The_Metrics_When_Its_Address_Is_Set()
    {
        ConcurrentQueue<string> received = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication collector = builder.Build();
        collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
            received.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);

        await using (PipelineApp app = await PipelineApp.StartAsync(settings: new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }))
        {
            await app.RunAsync(app.OpenClear());
        }

        string all = string.Concat(received);
        Assert.All(
            ["sitemonitor.runs", "sitemonitor.run.duration", "sitemonitor.run.dollars", "sitemonitor.stage.duration", "sitemonitor.github.calls", "sitemonitor.tokens"],
            name => Assert.Contains(name, all, StringComparison.Ordinal));
    }
}
