using System.Globalization;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Shows the progress of a backlog. Members are called from several threads.</summary>
internal interface IBacklogView
{
    /// <summary>Number of issues to process.</summary>
    int ExpectedIssues { get; }

    /// <summary>Number of issues whose run has ended.</summary>
    int EndedIssues { get; }

    /// <summary>Writes a line above the progress display.</summary>
    void WriteLine(string line);

    /// <summary>Adds to the number of issues to process.</summary>
    void AddExpectedIssues(int issues);

    void ShowStage(string issue, string stage);

    void ShowRunEnd(RunRecord record);

    /// <summary>Shows the progress display while <paramref name="work"/> runs.</summary>
    Task ShowProgressAsync(Func<Task> work);
}

/// <summary>Formats the line about the end of an issue's run.</summary>
internal static class RunEndText
{
    public static string Of(RunRecord record)
    {
        int calls = record.Usage.GitHubReads + record.Usage.GitHubWrites + record.Usage.GitHubExtra;
        string specialists = record.Specialists.Count > 0 ? $" → {string.Join(", ", record.Specialists)}" : string.Empty;
        string reason = record.Reason.Length > 0 ? $": {record.Reason}" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Mark(record.Outcome)} {record.Issue} {WireName.Of(record.Outcome)}{specialists}{reason} ({calls} GitHub calls, " +
                $"{record.DurationMs / 1000.0:0.0} s)");
    }

    /// <summary>Returns the colour of an outcome.</summary>
    public static string Colour(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Succeeded => "green",
        RunOutcome.Failed or RunOutcome.Critical => "red",
        RunOutcome.Skipped or RunOutcome.Rerouted => "grey",
        _ => "yellow",
    };

    private static string Mark(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Succeeded => "✓",
        RunOutcome.Failed or RunOutcome.Critical => "✗",
        _ => "…",
    };
}
