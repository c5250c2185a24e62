namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>A request's turn; disposing it lets the next one go.</summary>
internal sealed class RequestTurn(Action<bool> end) : IDisposable
{
    /// <summary>Set when GitHub does not count the request (304).</summary>
    public bool Free { get; set; }

    public void Dispose() => end(Free);
}
