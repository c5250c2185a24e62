using System.CommandLine;
using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines the options that name a repository or an issue.</summary>
internal sealed class IssueOptions
{
    public Option<string?> Repository { get; } = new("--repo")
    {
        Description = "Repository as owner/name. "
            + $"Default for --issue: {ApiTargetFinder.RepositoryVariable}, else the repository of the host on this machine; "
            + "for a batch: all configured repositories.",
    };

    public Option<string?> Issue { get; } = new("--issue") { Description = "Issue as a number or owner/name#12." };

    public void AddTo(Command command)
    {
        command.Options.Add(Repository);
        command.Options.Add(Issue);
    }

    /// <summary>Returns the issue given by the options, or null.</summary>
    /// <exception cref="UsageException">The value is not an issue, or its repository is unknown.</exception>
    public IssueRef? FindIssue(CommandContext context)
    {
        string? text = context.Arguments.GetValue(Issue);
        if (text is null)
        {
            return null;
        }

        if (IssueRef.TryParse(text, out IssueRef? issue))
        {
            return issue;
        }

        if (!int.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            throw new UsageException($"--issue: '{text}' is not an issue; use its number, or owner/name#12.");
        }

        RepositoryRef repository = FindRepository(context)
            ?? (context.Api.Target.Repository is { } known ? RepositoryRef.Parse(known) : null)
            ?? throw new UsageException(
                "--issue: the number needs a repository; "
                + $"add --repo owner/name, set {ApiTargetFinder.RepositoryVariable}, or use owner/name#{number}.");
        return new IssueRef(repository, number);
    }

    /// <summary>Returns the repository given by the options, or null.</summary>
    /// <exception cref="UsageException">The value is not a repository.</exception>
    public RepositoryRef? FindRepository(CommandContext context) => context.Arguments.GetValue(Repository) switch
    {
        null => null,
        { } text when RepositoryRef.TryParse(text, out RepositoryRef? repository) => repository,
        { } text => throw new UsageException($"--repo: '{text}' is not a repository; use owner/name."),
    };
}

internal static class IssueRoute
{
    /// <summary>Returns an issue's route without the prefix.</summary>
    public static string Of(IssueRef issue)
    {
        (string owner, string name) = (Uri.EscapeDataString(issue.Repository.Owner), Uri.EscapeDataString(issue.Repository.Name));
        return string.Create(CultureInfo.InvariantCulture, $"pipeline/issues/{owner}/{name}/{issue.Number}");
    }
}
