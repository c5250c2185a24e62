using System.Diagnostics;
using SiteMonitor.Benchmarks.Hosting;

namespace SiteMonitor.Benchmarks.Webhook;

/// <summary>
/// Deliveries as GitHub sends them, to a <see cref="WebhookHost"/> in a process of its own on the same processors: signature, parsing,
/// durable start (synced to disk) and response, each for another issue. With a peer, its webhook gets as many deliveries of the same kind
/// from the same client right after; its processor time is not seen.
/// </summary>
internal static class WebhookBenchmark
{
    private const int WarmUp = 3_000;
    private static readonly int[] Connections = [1, 16, 64];

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("sitemonitor-bench-").FullName;
        try
        {
            using HostProcess host = HostProcess.StartSelf(new Dictionary<string, string?>(), [WebhookHost.Command, folder]);
            Uri address = await host.Listening.WaitAsync(TimeSpan.FromMinutes(1));
            List<BenchmarkResult> runs = await MeasureAsync(new Uri(address, "api/github/webhook"), "SiteMonitor", host, options);
            BenchmarkResult result = runs[^1];
            if (options.Peer is { } peer)
            {
                runs.AddRange(await MeasureAsync(peer, "peer", host: null, options));
            }

            return result with { Runs = runs };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SignedDelivery[] Deliveries(int count, ref int issue)
    {
        SignedDelivery[] deliveries = new SignedDelivery[count];
        for (int n = 0; n < count; n++)
        {
            deliveries[n] = SignedDelivery.Labelled(++issue, WebhookHost.Secret);
        }

        return deliveries;
    }

    private static async Task<List<BenchmarkResult>> MeasureAsync(Uri webhook, string name, HostProcess? host, BenchmarkOptions options)
    {
        int deliveries = options.Instances ?? 10_000;
        int issue = 0;
        await MeasureAsync(webhook, Deliveries(WarmUp, ref issue), 64, host, options);
        List<BenchmarkResult> runs = [];
        foreach (int connections in Connections)
        {
            SignedDelivery[] sent = Deliveries(connections == 1 ? deliveries / 5 : deliveries, ref issue);
            runs.Add(await MeasureAsync(webhook, sent, connections, host, options) with { Case = name });
        }

        return runs;
    }

    private static async Task<BenchmarkResult> MeasureAsync(
        Uri webhook, SignedDelivery[] deliveries, int connections, HostProcess? host, BenchmarkOptions options)
    {
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = connections, UseProxy = false };
        using HttpClient client = new(handler);
        double[] latencies = new double[deliveries.Length];
        int next = -1;
        TimeSpan hostTime = host?.CpuTime ?? TimeSpan.Zero;
        Meter meter = new();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            for (int n = Interlocked.Increment(ref next); n < deliveries.Length; n = Interlocked.Increment(ref next))
            {
                long started = Stopwatch.GetTimestamp();
                using HttpRequestMessage request = deliveries[n].ToRequest(webhook);
                using HttpResponseMessage response = await client.SendAsync(request);
                if (!response.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException(
                        $"The webhook answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
                }

                latencies[n] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        })));
        BenchmarkResult result = meter.Result(deliveries.Length, options);
        Array.Sort(latencies);
        return result with
        {
            CpuSeconds = host is null ? result.CpuSeconds : (host.CpuTime - hostTime).TotalSeconds,
            PeakMemoryBytes = host?.PeakMemoryBytes ?? result.PeakMemoryBytes,
            Clients = connections,
            P50Milliseconds = Meter.Percentile(latencies, 0.5),
            P99Milliseconds = Meter.Percentile(latencies, 0.99),
        };
    }
}
