using System.CommandLine;
using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Commands;

/// <summary>The options that name a repository or one issue of it.</summary>
internal sealed class IssueOptions
{
    public Option<string?> Repository { get; } = new("--repo")
    {
        Description = $"owner/name. Default: {ApiTargetFinder.RepositoryVariable}, else the repository of the host on this machine; for a batch, every configured repository.",
    };

    public Option<string?> Issue { get; } = new("--issue") { Description = "One issue: its number, or owner/name#12." };

    public void AddTo(Command command)
    {
        command.Options.Add(Repository);
        command.Options.Add(Issue);
    }

    /// <summary>The issue that was named; null when none was.</summary>
    /// <exception cref="UsageException">What was named is no issue, or its repository is unknown.</exception>
    public IssueRef? FindIssue(CommandContext context)
    {
        string? text = context.Arguments.GetValue(Issue);
        if (text is null)
        {
            return null;
        }

        if (IssueRef.TryParse(text, out IssueRef? whole))
        {
            return whole;
        }

        if (!int.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            throw new UsageException($"--issue: '{text}' is no issue; write its number, or owner/name#12.");
        }

        return new IssueRef(
            FindRepository(context) ?? (context.Api.Target.Repository is { } known ? RepositoryRef.Parse(known) : null)
                ?? throw new UsageException("--issue: a number alone does not say of which repository; add --repo owner/name, or write owner/name#12."),
            number);
    }

    /// <summary>The repository that was named; null when none was.</summary>
    /// <exception cref="UsageException">What was named is no repository.</exception>
    public RepositoryRef? FindRepository(CommandContext context) => context.Arguments.GetValue(Repository) switch
    {
        null => null,
        { } text when RepositoryRef.TryParse(text, out RepositoryRef? repository) => repository,
        { } text => throw new UsageException($"--repo: '{text}' is no repository; write owner/name."),
    };
}

internal static class IssueRoute
{
    /// <summary>The route of one issue, below the prefix.</summary>
    public static string Of(IssueRef issue) =>
        $"pipeline/issues/{Uri.EscapeDataString(issue.Repository.Owner)}/{Uri.EscapeDataString(issue.Repository.Name)}/{issue.Number.ToString(CultureInfo.InvariantCulture)}";
}
