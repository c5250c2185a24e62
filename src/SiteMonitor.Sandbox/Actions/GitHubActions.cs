using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>All changes that can be made to issues, shared by REST, GraphQL and people.</summary>
internal sealed class GitHubActions
{
    public GitHubActions(GitHubJson json)
    {
        IssueEvents events = new(json);
        Labels = new LabelActions(events);
        Comments = new CommentActions(events);
        Assignees = new AssigneeActions(events);
        Issues = new IssueActions(events);
    }

    public IssueActions Issues { get; }

    public LabelActions Labels { get; }

    public CommentActions Comments { get; }

    public AssigneeActions Assignees { get; }
}

/// <summary>Describes a text in the write log by its length and the start of its hash.</summary>
internal static class TextSummary
{
    public static string Of(string? text) =>
        string.IsNullOrEmpty(text)
            ? "empty"
            : $"{text.Length} characters, {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
}
