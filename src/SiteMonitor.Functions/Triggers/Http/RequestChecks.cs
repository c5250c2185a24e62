using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>Checks what callers send; each fault says where it is and what is allowed.</summary>
internal static class RequestChecks
{
    /// <summary>The issue named by a route, or null with the faults.</summary>
    public static IssueRef? Issue(string owner, string repo, string number, List<string> errors)
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

    /// <summary>The stage in its own spelling.</summary>
    public static string Stage(string? text, List<string> errors)
    {
        if (!RequestedStageNames.TryParse(text, out RequestedStage stage, out string? error))
        {
            errors.Add($"stage: {error}");
        }

        return stage.ToName();
    }

    public static string Priority(string? text, List<string> errors)
    {
        string priority = string.IsNullOrWhiteSpace(text) ? PriorityNames.Normal : text.Trim().ToLowerInvariant();
        if (!PriorityNames.Known.Contains(priority))
        {
            errors.Add($"priority: '{Shorten(priority)}' is not a priority: use {string.Join(" or ", PriorityNames.Known)}.");
        }

        return priority;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
