namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>A request's turn; disposing it lets the next one go.</summary>
internal sealed class RequestPermit(Action<bool> end) : IDisposable
{
    /// <summary>Set when GitHub does not count the request (304).</summary>
    public bool IsUncounted { get; set; }

    public void Dispose() => end(IsUncounted);
}
