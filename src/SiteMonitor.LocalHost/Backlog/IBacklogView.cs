using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Shows the work on a backlog. Called from several threads.</summary>
internal interface IBacklogView
{
    /// <summary>A line for people, above whatever moves.</summary>
    void Say(string line);

    /// <summary>So many more issues are to be done.</summary>
    void Expect(int issues);

    void EnterStage(string issue, string stage);

    void End(RunRecord record);

    /// <summary>Shows what moves while <paramref name="work"/> goes on.</summary>
    Task WhileAsync(Func<Task> work);
}
