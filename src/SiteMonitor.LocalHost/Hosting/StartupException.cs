namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Why the host does not start: each message says what is wrong, where, and what to do.</summary>
internal sealed class StartupException(params IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
