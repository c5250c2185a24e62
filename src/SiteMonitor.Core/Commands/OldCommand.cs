using System.Globalization;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Commands;

/// <summary>A command of before the pipeline, and what takes its place.</summary>
/// <param name="Name">As it was typed: <c>process-issues</c>.</param>
/// <param name="Summary">What it does, for help texts.</param>
/// <param name="BatchStage">The stage of <c>process-pipeline</c> that does the same to a batch.</param>
/// <param name="IssueStage">The same for one issue.</param>
public sealed record OldCommand(string Name, string Summary, string BatchStage, string IssueStage)
{
    /// <summary>How to write the same now, with the arguments that were given.</summary>
    public string GetReplacement(CommandRequest request)
    {
        List<string> words = ["process-pipeline", "--stage", request.Issue is null ? BatchStage : IssueStage];
        if (request.Repository is { Length: > 0 } named && RepositoryRef.TryParse(named, out RepositoryRef? repository))
        {
            words.AddRange(["--repo", repository.ToString()]);
        }

        if (request.Issue is { } issue)
        {
            words.AddRange(["--issue", issue.ToString(CultureInfo.InvariantCulture)]);
        }
        else if (request.BatchSize != BatchRequest.DefaultSize)
        {
            words.AddRange(["--batch-size", request.BatchSize.ToString(CultureInfo.InvariantCulture)]);
        }

        return string.Join(' ', request.DryRun ? [.. words, "--dry-run"] : words);
    }
}
