using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Backtest;

/// <summary>
/// Replaces people's logins by pseudonyms that are the same throughout an export, and e-mail addresses in texts. Apps, bots and
/// Copilot keep their names.
/// </summary>
/// <param name="key">Random, and discarded after the export, so that nobody can check whether a pseudonym belongs to a given login.</param>
/// <param name="repository">The export's repository; its owner keeps the name.</param>
public sealed partial class ExportAnonymiser(byte[] key, RepositoryRef repository)
{
    private const string AddressReplacement = "(e-mail address)";
    private const int PseudonymDigits = 12;

    public static byte[] CreateKey() => RandomNumberGenerator.GetBytes(32);

    public IssueHistory Anonymise(IssueHistory issue)
    {
        Regex? people = FindPeople(issue);
        return issue with
        {
            Title = AnonymiseText(issue.Title, people),
            Body = AnonymiseText(issue.Body, people),
            Author = GetPseudonym(issue.Author),
            LabelEvents = [.. issue.LabelEvents.Select(e => e with { By = GetPseudonym(e.By) })],
            AssigneeEvents = [.. issue.AssigneeEvents.Select(e => e with { Assignee = GetPseudonym(e.Assignee) })],
            PullRequests =
            [
                .. issue.PullRequests.Select(
                    p => p with { Repository = AnonymiseRepository(p.Repository), Author = GetPseudonym(p.Author) }),
            ],
        };
    }

    /// <summary>Returns a pattern for the logins in the issue's events and pull requests; null when none of them is in its text.</summary>
    private static Regex? FindPeople(IssueHistory issue)
    {
        string[] logins =
        [
            .. issue.LabelEvents.Select(e => e.By)
                .Concat(issue.AssigneeEvents.Select(e => e.Assignee))
                .Concat(issue.PullRequests.Select(p => p.Author))
                .Append(issue.Author)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(login => login.Length > 0 && CopilotLogin.IsPerson(login))
                .Where(login => IsIn(issue.Title, login) || IsIn(issue.Body, login)),
        ];
        return logins.Length == 0
            ? null
            : new Regex($"(?<![A-Za-z0-9_-])(?:{string.Join('|', logins.Select(Regex.Escape))})(?![A-Za-z0-9_-])", RegexOptions.IgnoreCase);
    }

    private static bool IsIn(string text, string login) => text.Contains(login, StringComparison.OrdinalIgnoreCase);

    private string AnonymiseText(string text, Regex? people)
    {
        string replaced = AddressPattern().Replace(text, AddressReplacement);
        replaced = LinkPattern().Replace(
            replaced, m => IsRepositoryOwner(m.Groups[2].Value) ? m.Value : m.Groups[1].Value + GetPseudonym(m.Groups[2].Value));
        replaced = MentionPattern().Replace(replaced, m => "@" + GetPseudonym(m.Groups[1].Value));
        return people?.Replace(replaced, m => GetPseudonym(m.Value)) ?? replaced;
    }

    /// <summary>Returns a person's pseudonym; any other login as it is.</summary>
    private string GetPseudonym(string login)
    {
        if (login.Length == 0 || !CopilotLogin.IsPerson(login))
        {
            return login;
        }

        byte[] hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(login.ToLowerInvariant()));
        return $"person-{Convert.ToHexStringLower(hash)[..PseudonymDigits]}";
    }

    private string AnonymiseRepository(string name) =>
        name.Split('/') is [var owner, var rest] && !IsRepositoryOwner(owner) ? $"{GetPseudonym(owner)}/{rest}" : name;

    private bool IsRepositoryOwner(string login) => login.Equals(repository.Owner, StringComparison.OrdinalIgnoreCase);

    // Each begins where a word does, so that a long word is searched once.
    [GeneratedRegex(@"(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")]
    private static partial Regex AddressPattern();

    [GeneratedRegex("((?<![A-Za-z0-9_-])github\\.com/)([A-Za-z0-9][A-Za-z0-9_-]*)", RegexOptions.IgnoreCase)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"(?<![A-Za-z0-9_])@((?>[A-Za-z0-9][A-Za-z0-9_-]*))(?!\[bot\])")]
    private static partial Regex MentionPattern();
}
