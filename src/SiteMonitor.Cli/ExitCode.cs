namespace SiteMonitor.Cli;

/// <summary>What scripts can rely on.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The work was done but something in it failed: an issue ended as failed or critical, the application answered 5xx.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a file or setting it names, is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The application does not answer at that address.</summary>
    public const int Unreachable = 3;

    /// <summary>The application refused: no or a wrong key, a conflict, bad input, an unmet condition.</summary>
    public const int Refused = 4;

    /// <summary>The change is recorded and not finished: some of its flags are still to be written.</summary>
    public const int Pending = 5;

    /// <summary>Interrupted by the user.</summary>
    public const int Interrupted = 130;

    public const string Description = "Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 application unreachable, 4 refused by the application, 5 recorded but not finished yet, 130 interrupted.";
}

/// <summary>Nothing answers at the application's address, or not in time.</summary>
internal sealed class UnreachableException(string message) : Exception(message);

/// <summary>The command line, or a file or setting it names, is wrong: the message says what, where and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
