using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>No function here is retried by its host: durable activities are, by their orchestration.</summary>
internal sealed class NoRetryContext : RetryContext
{
    public static NoRetryContext Instance { get; } = new();

    public override int RetryCount => 0;

    public override int MaxRetryCount => 0;
}
