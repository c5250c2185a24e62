using System.Globalization;
using Microsoft.AspNetCore.Http;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>Checks what callers send. Each error says where it is and what is allowed.</summary>
internal static class RequestChecks
{
    /// <summary>Parses the issue that a route names; null, with errors, when it names none.</summary>
    public static IssueRef? ParseIssue(string owner, string repo, string number, List<string> errors)
    {
        if (!RepositoryRef.TryParse($"{owner}/{repo}", out RepositoryRef? repository))
        {
            errors.Add($"{{owner}}/{{repo}}: '{Shorten($"{owner}/{repo}")}' is not the name of a repository.");
        }

        if (!IssueRef.TryParse($"a/b#{number}", out IssueRef? parsed))
        {
            errors.Add($"{{number}}: '{Shorten(number)}' is not an issue's number: a whole number from 1.");
        }

        return repository is not null && parsed is not null ? new IssueRef(repository, parsed.Number) : null;
    }

    /// <summary>Returns the stage in its canonical spelling.</summary>
    public static string ParseStage(string? text, List<string> errors)
    {
        if (!RequestedStageNames.TryParse(text, out RequestedStage stage, out string? error))
        {
            errors.Add($"stage: {error}");
        }

        return stage.ToName();
    }

    public static string ParsePriority(string? text, List<string> errors)
    {
        string priority = string.IsNullOrWhiteSpace(text) ? PriorityNames.Normal : text.Trim().ToLowerInvariant();
        if (!PriorityNames.Known.Contains(priority))
        {
            errors.Add($"priority: '{Shorten(priority)}' is not a priority: use {string.Join(" or ", PriorityNames.Known)}.");
        }

        return priority;
    }

    public static void CheckBatchSize(int size, List<string> errors)
    {
        if (size is < 1 or > BatchRequest.MaxSize)
        {
            errors.Add($"batchSize: must be between 1 and {BatchRequest.MaxSize}.");
        }
    }

    /// <summary>Returns the repository that a request names, or else the configured ones.</summary>
    public static IReadOnlyList<RepositoryRef> ParseRepositories(string? name, RepositoryScope scope, List<string> errors)
    {
        if (!string.IsNullOrEmpty(name))
        {
            if (RepositoryRef.TryParse(name, out RepositoryRef? repository))
            {
                return [repository];
            }

            errors.Add("repository: is not the name of a repository: write owner/name.");
        }
        else if (scope.Configured.Count == 0)
        {
            errors.Add("repository: missing, and GitHub:Repositories is not set: name one.");
        }

        return scope.Configured;
    }

    /// <summary>Returns a time of the query string; null when it is absent or, with an error, wrong.</summary>
    public static DateTimeOffset? ParseTime(IQueryCollection query, string name, List<string> errors)
    {
        string text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset at))
        {
            return at;
        }

        errors.Add($"{name}: expected a time, for example 2026-01-31T08:00:00Z.");
        return null;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
