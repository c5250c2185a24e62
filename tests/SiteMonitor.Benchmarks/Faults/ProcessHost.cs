using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>The host in a process of its own, on real time, which is killed (SIGKILL) while it works.</summary>
internal sealed class ProcessHost : ICampaignHost
{
    /// <summary>GitHub's limits pass so fast that no run waits for them.</summary>
    private const double TimeScale = 3_600;

    private readonly HostOnSandbox _setup;
    private readonly List<string> _logs = [];
    private HostProcess _process;
    private HttpClient _client;

    private ProcessHost(HostOnSandbox setup, HostProcess process, HttpClient client) =>
        (_setup, _process, _client) = (setup, process, client);

    public SandboxServer Sandbox => _setup.Sandbox;

    public IReadOnlyList<string> Secrets =>
    [
        .. _setup.Secrets, Sandbox.Credentials.Token, Sandbox.Credentials.CopilotToken, Sandbox.Credentials.ModelApiKey,
    ];

    public IReadOnlyList<string> Logs => [.. _logs, _process.Output];

    public IReadOnlyList<string> Databases => _setup.Databases;

    public int Kills { get; private set; }

    public static async Task<ProcessHost> StartAsync(CancellationToken cancellationToken)
    {
        HostOnSandbox setup = await HostOnSandbox.StartAsync(
            new SandboxOptions { Seeds = SeedSet.Empty, TimeScale = TimeScale }, SeedCatalogue.Repository, cancellationToken);
        HostProcess process = setup.Launch();
        return new ProcessHost(setup, process, await setup.ConnectAsync(process, cancellationToken));
    }

    /// <summary>Earlier runs of an instance are overwritten, so only the last one of each issue is looked for.</summary>
    public async Task<IReadOnlyList<string>> FindUnrecordedRunsAsync(CancellationToken cancellationToken)
    {
        HashSet<string> recorded = [.. (await RecordsAsync(cancellationToken)).Where(r => r.Issue.Length > 0)
            .Select(r => IssueRef.Parse(r.Issue).InstanceId)];
        string prefix = IssueRef.Parse($"{SeedCatalogue.Repository}#1").InstanceId[..^1];
        return
        [
            .. _setup.Instances()
                .Where(i => i.HasSucceeded && i.Id.StartsWith(prefix, StringComparison.Ordinal) && !recorded.Contains(i.Id))
                .Select(i => $"{i.Id}: the last run has no record"),
        ];
    }

    public async Task KillAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        await Task.Delay(after, TimeProvider.System, cancellationToken);
        _process.Kill();
        _logs.Add(_process.Output);
        _process.Dispose();
        _client.Dispose();
        Kills++;
        _process = _setup.Launch();
        _client = await _setup.ConnectAsync(_process, cancellationToken);
    }

    public Task SettleAsync(CancellationToken cancellationToken) => _setup.WhenIdleAsync(cancellationToken);

    /// <summary>Real time is not waited for, and a round begins while the one before it is still being worked on.</summary>
    public Task AdvanceAsync(TimeSpan span, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RunBatchAsync(CancellationToken cancellationToken) => _setup.ProcessBacklogAsync(_client, cancellationToken);

    public Task RollBackAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<RunRecord>> RecordsAsync(CancellationToken cancellationToken) => _setup.RecordsAsync(cancellationToken);

    public Task<RollbackState?> FindRollbackAsync(CancellationToken cancellationToken) => _setup.FindRollbackAsync(cancellationToken);

    public IReadOnlyList<string> FindUnsuccessfulInstances() =>
        [.. _setup.Instances().Where(i => !i.HasSucceeded).Select(i => i.ToString())];

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        _client.Dispose();
        await _setup.DisposeAsync();
    }
}
