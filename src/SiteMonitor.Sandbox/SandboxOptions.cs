using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Model;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Sandbox;

/// <summary>How to start a <see cref="SandboxServer"/>.</summary>
public sealed record SandboxOptions
{
    /// <summary>The loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The SQLite file that holds all state, created when absent; null keeps the state in memory only.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>Where webhooks go. Null with a <see cref="WebhookSecret"/>: deliveries are kept until <see cref="SandboxServer.ConnectWebhook"/> names the target.</summary>
    public Uri? WebhookTarget { get; init; }

    /// <summary>Signs the deliveries. Null: the repositories have no webhook, no event is recorded.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>GitHub's own rate limits. Otherwise their windows pass <see cref="TimeScale"/> times as fast.</summary>
    public bool RealLimits { get; init; }

    /// <summary>How many seconds of a rate-limit window pass in a second.</summary>
    public double TimeScale { get; init; } = 60;

    public SandboxLatency Latency { get; init; } = new();

    public SeedSet Seeds { get; init; } = SeedSet.Full;

    /// <summary>How many generated findings to open in <c>octo-org/loadtest</c> at the first start, beside the seeds.</summary>
    public int SyntheticIssues { get; init; }

    public SandboxCredentials Credentials { get; init; } = new();

    /// <summary>GraphQL fields this GitHub does not know, as an older GitHub Enterprise Server: <c>assignedActors</c>, <c>suggestedActors</c>.</summary>
    public IReadOnlyList<string> MissingGraphFields { get; init; } = [];

    public CopilotBehaviour Copilot { get; init; }

    public ModelBehaviour Model { get; init; }

    public IReadOnlyList<FaultRule> Faults { get; init; } = [];

    /// <summary>Seeds the dice of faults that come with a probability.</summary>
    public int FaultSeed { get; init; } = 1;

    /// <summary>What issues, comments and deliveries are stamped with; may be simulated.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Drives rate-limit windows and the life of tokens. Latencies and time-outs always use the machine's clock.</summary>
    public TimeProvider LimitTime { get; init; } = TimeProvider.System;
}

/// <summary>What the simulators accept as sign-in. Not secrets: they open nothing but the sandbox.</summary>
public sealed record SandboxCredentials
{
    /// <summary>Acts as the machine user <c>sitemonitor-bot</c>, which has no Copilot licence.</summary>
    public string Token { get; init; } = "sandbox-bot-token";

    /// <summary>Acts as the user <c>octo-operator</c>, who has one.</summary>
    public string CopilotToken { get; init; } = "sandbox-operator-token";

    public string ModelApiKey { get; init; } = "sandbox-model-key";

    /// <summary>The one deployment there is.</summary>
    public string ModelDeployment { get; init; } = "site-monitor";

    /// <summary>The GitHub App that signs in as <c>sitemonitor[bot]</c>.</summary>
    public long AppId { get; init; } = 4711;

    public long InstallationId { get; init; } = 815;

    /// <summary>The App's public key (PEM); null accepts any well-formed RS256 token of the App.</summary>
    public string? AppPublicKey { get; init; }
}

/// <summary>How long the simulators let a caller wait.</summary>
public sealed record SandboxLatency
{
    public TimeSpan GitHub { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan Model { get; init; } = TimeSpan.FromMilliseconds(40);
}
