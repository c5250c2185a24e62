using System.Text.Json.Serialization;

namespace SiteMonitor.Benchmarks;

/// <summary>Figures of one run. Those that do not apply are left out.</summary>
internal sealed record BenchmarkResult
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Instances { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Seconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double InstancesPerSecond { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double P50Milliseconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double P99Milliseconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double P95Milliseconds { get; init; }

    /// <summary>HTTP requests to GitHub an issue, those that list the issues included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double GitHubCallsPerIssue { get; init; }

    /// <summary>Those of them that write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double GitHubWritesPerIssue { get; init; }

    /// <summary>Prompts and completions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ModelTokens { get; init; }

    /// <summary>What this run varies, where it is no number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Case { get; init; }

    /// <summary>From a rollback's request to its answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double AnswerSeconds { get; init; }

    /// <summary>From a rollback's request to the last write of the unified pipeline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LastWriteSeconds { get; init; }

    /// <summary>Issues that the unified pipeline prepared; the old logic took the others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UnifiedIssues { get; init; }

    /// <summary>User and system time of this process; of the host's where that is another.</summary>
    public double CpuSeconds { get; init; }

    public long PeakMemoryBytes { get; init; }

    /// <summary>On disk, after the write-ahead log has been folded in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double BytesPerInstance { get; init; }

    /// <summary>Clients that start and wait at the same time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Clients { get; init; }

    /// <summary>Single runs, where the benchmark has several sizes; the result's own figures are those of the largest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BenchmarkResult>? Runs { get; init; }

    public string Durability { get; init; } = string.Empty;
}
