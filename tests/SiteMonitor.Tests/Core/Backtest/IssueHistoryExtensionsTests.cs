using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using static SiteMonitor.Tests.Core.Backtest.Histories;

namespace SiteMonitor.Tests.Core.Backtest;

public sealed class IssueHistoryExtensionsTests
{
    private static RepositoryRef Repository => RepositoryRef.Parse("o/r");

    [Fact]
    public void It_Has_The_Labels_Of_Its_Opening_But_Neither_Later_Ones_Nor_The_Answer()
    {
        IssueHistory issue = Create(3, "site-monitor", Analyst, "threat-assessment", "completed");
        issue.LabelEvents =
        [
            Label(issue, "threat-assessment"), Label(issue, Analyst), Label(issue, "copilot-assigned", 20), Label(issue, "strategic-analysis", 600),
        ];

        IssueSnapshot opened = issue.CreateSnapshotAsOpened(Repository, Domain.Catalogue);

        Assert.Equal(["site-monitor", "threat-assessment"], opened.Labels);
        Assert.True(opened.IsOpen);
        Assert.Equal("o/r#3", opened.Ref.Canonical);
    }

    public static TheoryData<string, IssueHistory, HumanDecisionKind> Answers
    {
        get
        {
            IssueHistory labelled = Create(1, "site-monitor", Analyst);
            return new TheoryData<string, IssueHistory, HumanDecisionKind>
            {
                { "nobody decided", Create(1, "site-monitor"), HumanDecisionKind.Unknown },
                { "closed as completed without a specialist", Create() with { ClosedAs = CloseReason.Completed }, HumanDecisionKind.Unknown },
                { "closed as not planned", Create() with { ClosedAs = CloseReason.NotPlanned }, HumanDecisionKind.Nobody },
                { "a person set the label", labelled with { LabelEvents = [Label(labelled, Analyst, 60)] }, HumanDecisionKind.Specialists },
                { "only a bot set it", labelled with { LabelEvents = [Label(labelled, Analyst, 60, isByBot: true)] }, HumanDecisionKind.Unknown },
                {
                    "a bot set it and the issue was completed",
                    labelled with { LabelEvents = [Label(labelled, Analyst, 60, isByBot: true)], ClosedAs = CloseReason.Completed },
                    HumanDecisionKind.Specialists
                },
                {
                    "a bot set it and its pull request was merged",
                    labelled with { LabelEvents = [Label(labelled, Analyst, 60, isByBot: true)], PullRequests = [PullRequest(PullRequestEnd.Merged)] },
                    HumanDecisionKind.Specialists
                },
                {
                    "its pull request was refused",
                    labelled with { LabelEvents = [Label(labelled, Analyst, 60)], PullRequests = [PullRequest(PullRequestEnd.Closed)] },
                    HumanDecisionKind.Unknown
                },
                {
                    "one was refused, the next merged",
                    labelled with { PullRequests = [PullRequest(PullRequestEnd.Closed), PullRequest(PullRequestEnd.Merged)] },
                    HumanDecisionKind.Specialists
                },
                {
                    "a person set it, another is still open",
                    labelled with
                    {
                        LabelEvents = [Label(labelled, Analyst, 60)],
                        PullRequests = [PullRequest(PullRequestEnd.Closed), PullRequest(PullRequestEnd.Open)],
                    },
                    HumanDecisionKind.Specialists
                },
                {
                    "the pipeline completed it and took the label off",
                    Create(1, "completed") with
                    {
                        LabelEvents =
                        [
                            Label(labelled, Analyst, 60, isByBot: true), Label(labelled, Analyst, 900, isAdded: false, isByBot: true),
                            Label(labelled, "completed", 900, isByBot: true),
                        ],
                        PullRequests = [PullRequest(PullRequestEnd.Merged)],
                    },
                    HumanDecisionKind.Specialists
                },
                {
                    "a bot set it, a person took it off and set it again",
                    labelled with
                    {
                        LabelEvents =
                        [
                            Label(labelled, Analyst, 60, isByBot: true), Label(labelled, Analyst, 70, isAdded: false), Label(labelled, Analyst, 80),
                        ],
                    },
                    HumanDecisionKind.Specialists
                },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public void The_Answer_Is_What_People_Did(string what, IssueHistory issue, HumanDecisionKind expected)
    {
        HumanDecision answer = issue.FindHumanDecision(Domain.Catalogue);

        Assert.True(expected == answer.Kind, $"{what}: {answer.Kind}");
        Assert.Equal(expected == HumanDecisionKind.Specialists ? [Analyst] : Array.Empty<string>(), answer.Specialists);
    }
}
