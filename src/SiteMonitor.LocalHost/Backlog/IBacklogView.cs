using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Shows the work on a backlog. Called from several threads.</summary>
internal interface IBacklogView
{
    /// <summary>A line for people, above whatever moves.</summary>
    void WriteLine(string line);

    /// <summary>So many more issues are to be done.</summary>
    void AddExpectedIssues(int issues);

    void ShowStage(string issue, string stage);

    void ShowRunEnd(RunRecord record);

    /// <summary>Shows what moves while <paramref name="work"/> goes on.</summary>
    Task ShowProgressAsync(Func<Task> work);
}
