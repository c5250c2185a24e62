using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Sandbox;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>A host with its simulated GitHub, as a campaign drives it.</summary>
internal interface ICampaignHost : IAsyncDisposable
{
    SandboxServer Sandbox { get; }

    /// <summary>What must stand in no log, no ledger and no issue.</summary>
    IReadOnlyList<string> Secrets { get; }

    /// <summary>Everything that the host has logged.</summary>
    IReadOnlyList<string> Logs { get; }

    /// <summary>Files of the host's databases.</summary>
    IReadOnlyList<string> Databases { get; }

    /// <summary>How often the host was killed.</summary>
    int Kills { get; }

    /// <summary>Runs that have ended without a ledger record, by issue; null if the host cannot tell.</summary>
    Task<IReadOnlyList<string>> FindUnrecordedRunsAsync(CancellationToken cancellationToken);

    /// <summary>Completes when nothing is left to do.</summary>
    Task SettleAsync(CancellationToken cancellationToken);

    /// <summary>Lets time pass, where it is simulated.</summary>
    Task AdvanceAsync(TimeSpan span, CancellationToken cancellationToken);

    /// <summary>Starts the issues that no delivery started, as the timer does, and settles.</summary>
    Task RunBatchAsync(CancellationToken cancellationToken);

    Task RollBackAsync(CancellationToken cancellationToken);

    /// <summary>Kills the host and starts it again, where it is a process.</summary>
    Task KillAsync(TimeSpan after, CancellationToken cancellationToken);

    Task<IReadOnlyList<RunRecord>> RecordsAsync(CancellationToken cancellationToken);

    Task<RollbackState?> FindRollbackAsync(CancellationToken cancellationToken);

    /// <summary>Instances that have not ended well, one sentence each.</summary>
    IReadOnlyList<string> FindUnsuccessfulInstances();
}
