using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Settings of the embedded durable engine.</summary>
public sealed class DurableEngineOptions
{
    /// <summary>The SQLite file; its folder is created.</summary>
    [Required]
    public string DatabasePath { get; set; } = "sitemonitor.db";

    public DurabilityMode Durability { get; set; } = DurabilityMode.Full;

    /// <summary>Activities that run at the same time (host.json: <c>maxConcurrentActivityFunctions</c>). Default: 16 a processor.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentActivities { get; set; } = Environment.ProcessorCount * 16;

    /// <summary>Orchestrators that run at the same time (host.json: <c>maxConcurrentOrchestratorFunctions</c>). One that waits does not count. Default: 2 a processor.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrentOrchestrators { get; set; } = Environment.ProcessorCount * 2;

    /// <summary>Waiting orchestrators kept in memory; beyond it the longest unused ones are dropped and replayed when they go on. 0 replays at every step. Default: 10,000.</summary>
    [Range(0, 1_000_000)]
    public int MaxLiveOrchestrations { get; set; } = 10_000;

    /// <summary>Activities waiting for their turn beyond which no further instance is started: those stay Pending. Default: 2,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxActivityBacklog { get; set; } = 2_000;

    /// <summary>Largest input, output or event payload, in bytes of UTF-8 JSON. Default: 4 MiB, as much as Durable Functions takes in one message.</summary>
    [Range(1, 256 * 1024 * 1024)]
    public int MaxPayloadBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Largest custom status, in bytes of UTF-16 JSON. Default: 16 KiB, as in Durable Functions.</summary>
    [Range(1, 1024 * 1024)]
    public int MaxCustomStatusBytes { get; set; } = 16 * 1024;

    /// <summary>Size of the database beyond which the engine pauses as on a full disk; null (the default) is as much as the disk has. May be changed while the engine runs.</summary>
    public long? MaxDatabaseBytes { get; set; }

    /// <summary>How long finished instances are kept; null (the default) for ever.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>The version new instances get when their start names none (host.json: <c>defaultVersion</c>), and the host's own for <see cref="VersionMatchStrategy"/>.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    public VersionMatchStrategy VersionMatchStrategy { get; set; } = VersionMatchStrategy.None;

    public VersionFailureStrategy VersionFailureStrategy { get; set; } = VersionFailureStrategy.Reject;

    /// <summary>How inputs and results become JSON. Default: as the Functions worker does it (names as written, enums as numbers, any case when reading).</summary>
    public DataConverter DataConverter { get; set; } = new JsonDataConverter(new JsonSerializerOptions { PropertyNameCaseInsensitive = true });

    /// <summary>How long a stopping host waits for running activities before it leaves them to the next start. Default: 5 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
