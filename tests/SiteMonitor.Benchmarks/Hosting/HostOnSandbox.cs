using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Sandbox;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>
/// A simulated GitHub and model in this process, and hosts in other processes that know it by their settings only, so that its state
/// outlives them.
/// </summary>
internal sealed class HostOnSandbox : IAsyncDisposable
{
    /// <summary>Valid in the sandbox only.</summary>
    private const string Secret = "sandbox-webhook-secret";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly Dictionary<string, string?> _settings;

    private HostOnSandbox(string folder, SandboxServer sandbox, Dictionary<string, string?> settings) =>
        (_folder, Sandbox, _settings) = (folder, sandbox, settings);

    public SandboxServer Sandbox { get; }

    /// <summary>The host's own flags, unless the settings name another store.</summary>
    public string FlagsFile => Path.Combine(Data, "flags.json");

    /// <summary>The host's run ledger, rollout state and comparisons.</summary>
    public string LedgerFile => Path.Combine(Data, "state.db");

    /// <summary>The hosts' databases.</summary>
    public IReadOnlyList<string> Databases => DatabaseFiles.Find(Data);

    /// <summary>The webhook's secret and the key of the operators' routes.</summary>
    public IReadOnlyList<string> Secrets => [Secret, KeyFile.ReadOrCreate(DataDirectory.Open(Data)).Function];

    private string Data => Path.Combine(_folder, "data");

    /// <param name="repository">Repository of the hosts.</param>
    /// <param name="options">Time scale and contents; the webhook secret is added.</param>
    /// <param name="more">Settings in addition to those for the sandbox.</param>
    public static async Task<HostOnSandbox> StartAsync(SandboxOptions options, string repository, CancellationToken cancellationToken, params KeyValuePair<string, string?>[] more)
    {
        string folder = Directory.CreateTempSubdirectory("sitemonitor-bench-").FullName;
        SandboxServer sandbox = await SandboxServer.StartAsync(options with { WebhookSecret = Secret }, cancellationToken);
        Dictionary<string, string?> settings = new(
            SandboxSettings.For(sandbox, Secret, options.TimeScale, "full"), StringComparer.OrdinalIgnoreCase)
        {
            ["GitHub:Repositories"] = repository,
            ["Rollout:Plan"] = BenchmarkPlan.Write(folder),
        };
        foreach ((string name, string? value) in more)
        {
            settings[name] = value;
        }

        return new HostOnSandbox(folder, sandbox, settings);
    }

    /// <summary>Starts a host without waiting for it.</summary>
    public HostProcess Launch() => HostProcess.Start(_settings, ["--port", "0", "--data", Data]);

    /// <summary>Starts a host whose run ledger is in blobs (settings <c>Ledger:…</c>), without waiting for it.</summary>
    public HostProcess LaunchOnBlobs() => HostProcess.StartSelf(_settings, [HostOnBlobs.Command, "--port", "0", "--data", Data]);

    /// <summary>Waits until the host accepts requests, sends the webhooks there and returns a client of its routes.</summary>
    public async Task<HttpClient> ConnectAsync(HostProcess host, CancellationToken cancellationToken)
    {
        Uri address;
        try
        {
            address = await host.Listening.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"The host does not come up:\n{host.Output}");
        }

        HttpClient client = new() { BaseAddress = new Uri(address, "api/") };
        client.DefaultRequestHeaders.Add(HttpAuthorization.Header, KeyFile.ReadOrCreate(DataDirectory.Open(Data)).Function);
        Sandbox.ConnectWebhook(new Uri(client.BaseAddress, "github/webhook"));
        return client;
    }

    /// <summary>Starts waiting issues by the operators' route. A rate limit that prevents listing is among the problems.</summary>
    public static async Task<BatchResponse> StartBatchAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync(
            "pipeline/batch", new BatchRequest { BatchSize = BatchRequest.MaxSize }, ContractJson.Default.BatchRequest, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Accepted => JsonSerializer.Deserialize(body, ContractJson.Default.BatchResponse)!,
            HttpStatusCode.ServiceUnavailable => new BatchResponse { Started = 0, Issues = [], Problems = [body] },
            _ => throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The batch was answered {(int)response.StatusCode}: {body}")),
        };
    }

    /// <summary>
    /// Processes all waiting issues. Issues that wait for a person are started by every batch, so the backlog ends with a batch that is not
    /// full, of a listing that was complete.
    /// </summary>
    /// <exception cref="InvalidOperationException">The issues could not be listed.</exception>
    public async Task ProcessBacklogAsync(HttpClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset until = TimeProvider.System.GetUtcNow() + Patience;
        BatchResponse batch;
        do
        {
            batch = await StartBatchAsync(client, cancellationToken);
            await WhenIdleAsync(cancellationToken);
            if (batch.Problems.Count > 0)
            {
                if (TimeProvider.System.GetUtcNow() > until)
                {
                    throw new InvalidOperationException(string.Join(' ', batch.Problems));
                }

                await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            }
        }
        while (batch.Started == BatchRequest.MaxSize || batch.Problems.Count > 0);
    }

    /// <summary>Completes when no instance is unfinished and no delivery is under way.</summary>
    /// <exception cref="InvalidOperationException">Instances or deliveries are stuck.</exception>
    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            // Deliveries before instances: a delivery accepted in between has created its instance already.
            long pending = Sandbox.Stats.DeliveriesPending;
            StoredInstance[] unfinished = [.. Instances().Where(i => i.IsUnfinished)];
            if (pending == 0 && unfinished.Length == 0)
            {
                return;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                IEnumerable<string> unsent = Sandbox.Deliveries.Where(d => d.Status is null)
                    .Select(d => $"delivery {d.Sequence} of #{d.Number} ({d.Event} {d.Action})");
                throw new InvalidOperationException(
                    $"Stuck after {Patience.TotalMinutes} minutes: {string.Join(", ", unfinished.Select(i => i.Id).Concat(unsent))}");
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Returns the instances in the host's durable database.</summary>
    public IReadOnlyList<StoredInstance> Instances() => StoredInstance.Read(Path.Combine(Data, "durable.db"));

    /// <summary>Returns the host's run records, oldest first.</summary>
    public async Task<IReadOnlyList<RunRecord>> RecordsAsync(CancellationToken cancellationToken)
    {
        List<RunRecord> records = [];
        await foreach (RunRecord record in new SqliteRunLedger(
            new LocalDatabase(LedgerFile)).QueryAsync(new LedgerQuery(), cancellationToken))
        {
            records.Add(record);
        }

        return records;
    }

    /// <summary>Returns the rollback that is in force; null when there is none.</summary>
    public async Task<RollbackState?> FindRollbackAsync(CancellationToken cancellationToken) =>
        (await new SqliteRolloutStore(new LocalDatabase(LedgerFile)).ReadAsync(cancellationToken))?.State.RolledBack;

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
