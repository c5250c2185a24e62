namespace SiteMonitor.Cli;

/// <summary>The command line, or a file or setting it names, is wrong: the message says what, where and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
