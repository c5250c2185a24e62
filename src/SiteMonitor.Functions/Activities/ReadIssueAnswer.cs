using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <summary>What a run needs to know of its issue; none of its text.</summary>
/// <param name="NodeId">GitHub's GraphQL node id.</param>
/// <param name="Facts">Labels and whether it is open.</param>
/// <param name="Choice">The stages to run, or why none.</param>
/// <param name="InputHash">Over what a decision depends on.</param>
/// <param name="IsSettled">False when short-lived labels of an interrupted run stand on the issue: what a run takes off. Other labels that fit no state are a person's to mend.</param>
public sealed record ReadIssueResult(string NodeId, IssueFacts Facts, StageChoice Choice, string InputHash, bool IsSettled);
