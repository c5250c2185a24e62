using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using SiteMonitor.Benchmarks.AppConfiguration;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Benchmarks.Rollback;

/// <summary>A simulated Azure App Configuration in this process with the flags of phase <c>full</c>.</summary>
internal sealed class BenchmarkFlags : IAsyncDisposable
{
    private const string Prefix = ".appconfig.featureflag/";
    private const string ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8";

    private readonly WebApplication _app;
    private readonly AppConfigurationSimulator _simulator = new(TimeProvider.System, TimeProvider.System);

    private BenchmarkFlags()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _simulator.Map(_app);
    }

    public string ConnectionString => _simulator.ConnectionString(new Uri(_app.Urls.Single()));

    public static async Task<BenchmarkFlags> StartAsync(CancellationToken cancellationToken)
    {
        BenchmarkFlags flags = new();
        foreach (FlagTarget target in PlanParseResult.Default.Find("full")!.Flags.Targets())
        {
            flags.Put(target.Flag, FlagSettingWriter.Apply(target.Flag, existing: null, target.Setting));
        }

        await flags._app.StartAsync(cancellationToken);
        return flags;
    }

    /// <summary>Switches a flag off, as a person would in the portal.</summary>
    public void SwitchOff(string flag)
    {
        string json = _simulator.Store.Read(knownSequence: null)[(Prefix + flag, null)].Value!;
        JsonNode changed = JsonNode.Parse(json)!;
        changed["enabled"] = false;
        Put(flag, changed.ToJsonString());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Put(string flag, string json) =>
        _simulator.Store.Put(Prefix + flag, label: null, new KeyValueContent(json, ContentType), Preconditions.None);
}
