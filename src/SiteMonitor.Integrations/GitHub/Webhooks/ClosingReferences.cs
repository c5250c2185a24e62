using System.Text.RegularExpressions;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>Finds the issues that a pull request's text says it closes, by GitHub's keywords.</summary>
/// <remarks>https://docs.github.com/issues/tracking-your-work-with-issues/linking-a-pull-request-to-an-issue</remarks>
internal static partial class ClosingReferences
{
    private const int MaxReferences = 20;

    /// <param name="text">The pull request's text; null for none.</param>
    /// <param name="repository">Its repository, which a bare number refers to.</param>
    /// <returns>At most 20 issues, each once.</returns>
    public static IReadOnlyList<IssueRef> Find(string? text, RepositoryRef repository) =>
        [.. Pattern().Matches(text ?? string.Empty).Select(match => Parse(match, repository)).OfType<IssueRef>().Distinct()
            .Take(MaxReferences)];

    private static IssueRef? Parse(Match match, RepositoryRef repository)
    {
        string named = match.Groups["repository"].Value;
        return IssueRef.TryParse($"{(named.Length > 0 ? named : repository)}#{match.Groups["number"].Value}", out IssueRef? issue)
            ? issue
            : null;
    }

    [GeneratedRegex(
        @"\b(close[sd]?|fix(e[sd])?|resolve[sd]?):?\s+"
            + @"(https?://[^\s/]+/(?<repository>[\w.-]+/[\w.-]+)/issues/|(?<repository>[\w.-]+/[\w.-]+)?#)(?<number>\d{1,9})\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
