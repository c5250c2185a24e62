namespace SiteMonitor.Core.Contracts;

/// <summary>Looks at one thing the application needs, thoroughly: it may take seconds, and asks the outside world with the application's own credentials.</summary>
public interface IDoctorCheck
{
    /// <summary>For example <c>webhook</c>.</summary>
    string Name { get; }

    /// <summary>Checks come in this order: a lower one explains the failures of a higher one.</summary>
    int Order { get; }

    /// <param name="fix">Whether to mend what can be mended without harm.</param>
    Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken);
}
