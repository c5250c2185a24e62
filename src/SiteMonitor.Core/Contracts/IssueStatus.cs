namespace SiteMonitor.Core.Contracts;

/// <summary>Response of <c>GET pipeline/issues/{owner}/{repo}/{number}</c>.</summary>
public sealed record IssueStatus
{
    /// <summary><c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>
    /// The durable instance's status in lower case (<c>running</c>, <c>completed</c>, …); <c>none</c> when no run was ever started.
    /// </summary>
    public required string RuntimeStatus { get; init; }

    /// <summary>With <c>?state=true</c> the state the issue's labels show, such as <c>ready</c>, or <c>closed</c>; else empty.</summary>
    public string State { get; init; } = string.Empty;

    /// <summary>Why the state could not be read; empty otherwise.</summary>
    public string StateProblem { get; init; } = string.Empty;

    /// <summary>Whether a run is active or about to begin.</summary>
    public required bool Active { get; init; }

    /// <summary>The present step of an active run.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>Why the instance failed; empty otherwise.</summary>
    public string Failure { get; set; } = string.Empty;

    /// <summary>The newest record of the ledger for this issue.</summary>
    public RunSummary? LastRun { get; init; }
}

/// <summary>The present step of a run: the durable instance's custom status.</summary>
/// <param name="Step">The activity's name.</param>
/// <param name="Detail">What the step does or until when it waits, as display text.</param>
/// <param name="Since">When the step began (UTC).</param>
public sealed record RunProgress(string Step, string Detail, DateTimeOffset Since);
