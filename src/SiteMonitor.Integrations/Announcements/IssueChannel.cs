using System.Text;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>Posts announcements as comments on an issue; each carries a marker, so a retry adds none.</summary>
internal sealed class IssueChannel(string name, IssueRef issue, GitHubConnections connections) : IAnnouncementChannel
{
    /// <summary>GitHub's limit for a comment, in characters.</summary>
    private const int MaxComment = 65_536;

    /// <summary>Maximum clock difference: a comment of an earlier attempt may seem older than the announcement.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    public string Name => name;

    public async Task<SendResult> SendAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        try
        {
            return await IsThereAsync(announcement, cancellationToken)
                ? SendResult.Ok
                : await CommentAsync(announcement, cancellationToken);
        }
        catch (PipelineException failure)
        {
            return new SendResult(failure.Message);
        }
    }

    internal static string Write(Announcement announcement) =>
        ChannelText.Fit(announcement, WriteComment, comment => comment.Length, MaxComment);

    private static string WriteComment(Announcement announcement)
    {
        StringBuilder text = new();
        text.Append("### ").Append(PlainMarkdown.Escape(announcement.Title)).Append("\n\n");
        foreach (string line in announcement.Lines)
        {
            text.Append("- ").Append(PlainMarkdown.Escape(line)).Append('\n');
        }

        return text.Append("\n<sub>").Append(PlainMarkdown.Escape(ChannelText.Footer(announcement))).Append("</sub>\n")
            .Append(Marker(announcement))
            .ToString();
    }

    private async Task<bool> IsThereAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        IssueCommentRequest recent = new() { Since = announcement.At - ClockSkew };
        CallResult<IReadOnlyList<IssueComment>> found = await connections.App.CallAsync(
            new RequestTag(RequestKind.Read),
            $"looking for an announcement on {issue}",
            client => client.Issue.Comment.GetAllForIssue(issue.Repository.Owner, issue.Repository.Name, issue.Number, recent),
            cancellationToken);
        return found.Value?.Any(c => c.Body?.Contains(Marker(announcement), StringComparison.Ordinal) == true) ?? false;
    }

    private async Task<SendResult> CommentAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        CallResult<IssueComment> written = await connections.App.CallAsync(
            new RequestTag(RequestKind.Write),
            $"announcing on {issue}",
            client => client.Issue.Comment.Create(issue.Repository.Owner, issue.Repository.Name, issue.Number, Write(announcement)),
            cancellationToken);
        return written.RetryAt is { } later ? new SendResult($"GitHub takes no requests until {later:u}") : SendResult.Ok;
    }

    private static string Marker(Announcement announcement) => $"<!-- sitemonitor-announcement {announcement.Id} -->";
}
