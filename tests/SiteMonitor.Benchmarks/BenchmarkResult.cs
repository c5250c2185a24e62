using System.Text.Json.Serialization;

namespace SiteMonitor.Benchmarks;

/// <summary>Figures of one run; those that do not apply are left out.</summary>
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

    /// <summary>HTTP requests to GitHub per issue, including those that list the issues.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double GitHubCallsPerIssue { get; init; }

    /// <summary>Requests per issue that write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double GitHubWritesPerIssue { get; init; }

    /// <summary>Tokens of prompts and completions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ModelTokens { get; init; }

    /// <summary>What this run varies, if it is not a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Case { get; init; }

    /// <summary>Time from a rollback's request to its response.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double AnswerSeconds { get; init; }

    /// <summary>Time of the first request after the host's start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double FirstMilliseconds { get; init; }

    /// <summary>Time from a rollback's request to the last write of the unified pipeline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LastWriteSeconds { get; init; }

    /// <summary>Issues that the unified pipeline prepared; the others were handled by the old logic.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UnifiedIssues { get; init; }

    /// <summary>User and system time of this process, or of the host if it is another process.</summary>
    public double CpuSeconds { get; init; }

    public long PeakMemoryBytes { get; init; }

    /// <summary>Size on disk, after the write-ahead log was checkpointed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double BytesPerInstance { get; init; }

    /// <summary>Clients that start and wait concurrently.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Clients { get; init; }

    /// <summary>Single runs, if the benchmark has several sizes; the result's own figures are those of the largest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BenchmarkResult>? Runs { get; init; }

    public string Durability { get; init; } = string.Empty;
}
