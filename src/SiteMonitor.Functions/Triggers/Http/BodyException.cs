namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>A body that is not what the route takes; answered with this status and message.</summary>
internal sealed class RequestBodyException(int status, string message, IReadOnlyList<string>? errors = null) : Exception(message)
{
    public int Status { get; } = status;

    public IReadOnlyList<string> Errors { get; } = errors ?? [];
}
