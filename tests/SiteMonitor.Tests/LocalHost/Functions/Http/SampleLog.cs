namespace SiteMonitor.Tests.LocalHost.Functions.Http;

/// <summary>A service that sample functions are given, where they leave what happened.</summary>
public sealed class SampleLog
{
    public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<bool> Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
