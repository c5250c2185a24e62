namespace SiteMonitor.Core.Contracts;

/// <summary>Checks one thing that the application needs, if necessary by calls with the application's own credentials.</summary>
public interface IDoctorCheck
{
    /// <summary>The check's name, for example <c>webhook</c>.</summary>
    string Name { get; }

    /// <summary>The check's place: a failure of a lower one can explain those of higher ones.</summary>
    int Order { get; }

    /// <summary>Runs the check; it may take seconds.</summary>
    /// <param name="fix">Whether to fix what can be fixed without risk.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken);
}
