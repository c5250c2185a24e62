using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Model;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Sandbox;

/// <summary>Configures a <see cref="SandboxServer"/>.</summary>
public sealed record SandboxOptions
{
    /// <summary>Loopback port; 0 selects a free one.</summary>
    public int Port { get; init; }

    /// <summary>SQLite file for all state, created if absent; null keeps the state in memory.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>Webhook receiver. If null, deliveries are kept until <see cref="SandboxServer.ConnectWebhook"/> is called.</summary>
    public Uri? WebhookTarget { get; init; }

    /// <summary>Secret that signs the deliveries. If null, the repositories have no webhook and no events are recorded.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Applies GitHub's own rate limits; otherwise their windows pass <see cref="TimeScale"/> times as fast.</summary>
    public bool RealLimits { get; init; }

    /// <summary>Seconds of a rate-limit window that pass per second.</summary>
    public double TimeScale { get; init; } = 60;

    public SandboxLatency Latency { get; init; } = new();

    public SeedSet Seeds { get; init; } = SeedSet.Full;

    /// <summary>Issues to create at the first start instead of <see cref="Seeds"/>, in their own repository.</summary>
    public ImportedIssues? Import { get; init; }

    /// <summary>Number of generated findings to create in <c>octo-org/loadtest</c> at the first start, in addition to the seeds.</summary>
    public int SyntheticIssues { get; init; }

    public SandboxCredentials Credentials { get; init; } = new();

    /// <summary>GraphQL fields that this GitHub lacks, like an older GitHub Enterprise Server: <c>assignedActors</c> …</summary>
    public IReadOnlyList<string> MissingGraphFields { get; init; } = [];

    public CopilotBehaviour Copilot { get; init; }

    public ModelBehaviour Model { get; init; }

    public AuthorBehaviour Author { get; init; }

    public IReadOnlyList<FaultRule> Faults { get; init; } = [];

    /// <summary>Seed of the random numbers for faults with a probability.</summary>
    public int FaultSeed { get; init; } = 1;

    /// <summary>Time stamped on issues, comments and deliveries; may be simulated.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Time for rate-limit windows and token lifetimes. Latencies and time-outs always use the system clock.</summary>
    public TimeProvider LimitTime { get; init; } = TimeProvider.System;
}

/// <summary>Credentials that the simulators accept. They are not secrets: they are valid in the sandbox only.</summary>
public sealed record SandboxCredentials
{
    /// <summary>Token of the machine user <c>sitemonitor-bot</c>, which has no Copilot licence.</summary>
    public string Token { get; init; } = "sandbox-bot-token";

    /// <summary>Token of the user <c>octo-operator</c>, who has a Copilot licence.</summary>
    public string CopilotToken { get; init; } = "sandbox-operator-token";

    public string ModelApiKey { get; init; } = "sandbox-model-key";

    /// <summary>Name of the only model deployment.</summary>
    public string ModelDeployment { get; init; } = "site-monitor";

    /// <summary>Id of the GitHub App that signs in as <c>sitemonitor[bot]</c>.</summary>
    public long AppId { get; init; } = 4711;

    public long InstallationId { get; init; } = 815;

    /// <summary>Public key of the App (PEM); null accepts any well-formed RS256 token of the App.</summary>
    public string? AppPublicKey { get; init; }
}

/// <summary>Delays that the simulators add to each response.</summary>
public sealed record SandboxLatency
{
    public TimeSpan GitHub { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan Model { get; init; } = TimeSpan.FromMilliseconds(40);
}
