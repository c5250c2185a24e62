namespace SiteMonitor.Functions.Hosting;

/// <summary>The application cannot start with these settings; every problem is named, with what to set, never with a value.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception($"SiteMonitor cannot start. Set these (in environment variables write __ for :):{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(p => $"  - {p}"))}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
