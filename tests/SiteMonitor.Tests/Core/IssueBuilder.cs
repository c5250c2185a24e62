using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core;

/// <summary>Builds issues: by default an open one, discovered, with a title and a short text.</summary>
internal sealed class IssueBuilder
{
    private IssueSnapshot _issue = new()
    {
        Ref = new IssueRef(new RepositoryRef("Acme", "site"), 12),
        NodeId = "I_12",
        Title = "New banner on acme.example",
        Body = "The monitor found a new banner.",
        IsOpen = true,
        Labels = [WorkflowLabels.SiteMonitor],
        Assignees = [],
    };

    public static IssueBuilder Discovered => new();

    public static IssueBuilder Labelled(params string[] labels) => new IssueBuilder().WithLabels(labels);

    public IssueBuilder WithLabels(params string[] labels) => With(_issue with { Labels = labels });

    public IssueBuilder WithTitle(string title) => With(_issue with { Title = title });

    public IssueBuilder WithBody(string body) => With(_issue with { Body = body });

    public IssueBuilder WithNumber(int number) => With(_issue with { Ref = _issue.Ref with { Number = number } });

    public IssueBuilder WithComments(params OwnComment[] comments) => With(_issue with { OwnComments = comments });

    public IssueBuilder WithEdits(params BodyEdit[] newestFirst) => With(_issue with { Edits = newestFirst });

    public IssueBuilder WithAssignees(params string[] logins) => With(_issue with { Assignees = logins });

    public IssueBuilder Closed(CloseReason reason = CloseReason.Completed) => With(_issue with { IsOpen = false, ClosedAs = reason });

    public IssueBuilder AsPullRequest() => With(_issue with { IsPullRequest = true });

    public IssueSnapshot Build() => _issue;

    private IssueBuilder With(IssueSnapshot issue)
    {
        _issue = issue;
        return this;
    }
}
