namespace SiteMonitor.Core.Rollout;

/// <summary>The rollout phase of now, for decisions and records; may lag some seconds behind.</summary>
public interface ICurrentPhase
{
    ValueTask<string> GetNameAsync(CancellationToken cancellationToken);
}
