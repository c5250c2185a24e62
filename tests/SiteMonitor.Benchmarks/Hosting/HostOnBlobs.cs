using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>Runs the embedded host with its run ledger in blobs, as the deployed function app has it.</summary>
internal static class HostOnBlobs
{
    public const string Command = "host-on-blobs";

    public static async Task<int> RunAsync(string[] args)
    {
        if (HostArguments.Parse(args, out int exitCode) is not { } arguments)
        {
            return exitCode;
        }

        await using RunningHost host = await RunningHost.StartAsync(
            arguments, services => services.AddSingleton<IRunLedger>(CreateLedger), CancellationToken.None);
        Console.WriteLine($"{HostProcess.ListeningOn}{host.Url}");
        await host.WaitForShutdownAsync();
        return 0;
    }

    private static BlobRunLedger CreateLedger(IServiceProvider services)
    {
        LedgerOptions options = new();
        services.GetRequiredService<IConfiguration>().GetSection(LedgerOptions.Section).Bind(options);
        return new BlobRunLedger(new LedgerContainer(options), services.GetRequiredService<ILogger<BlobRunLedger>>());
    }
}
