namespace SiteMonitor.Cli;

/// <summary>Defines the exit codes that scripts can rely on.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran but something failed: an issue ended as failed or critical, or the application answered 5xx.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a file or setting it names, is invalid; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The application does not answer.</summary>
    public const int Unreachable = 3;

    /// <summary>The application refused: missing or wrong key, conflict, invalid input, unmet condition, or no such thing.</summary>
    public const int Refused = 4;

    /// <summary>The change is recorded but not finished: some flags are not written yet.</summary>
    public const int Pending = 5;

    /// <summary>Interrupted by the user.</summary>
    public const int Interrupted = 130;

    public const string Description =
        "Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 application unreachable, 4 refused by the application, "
        + "5 recorded but not finished yet, 130 interrupted.";
}

/// <summary>Thrown if the application does not answer, or not in time.</summary>
internal sealed class UnreachableException(string message) : Exception(message);

/// <summary>Thrown if the command line, or a file or setting it names, is invalid; the message says what to change.</summary>
internal sealed class UsageException(string message) : Exception(message);
