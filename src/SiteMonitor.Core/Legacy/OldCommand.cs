using System.Globalization;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Legacy;

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

/// <summary>What the caller of an old command is told.</summary>
public static class OldCommandNotices
{
    /// <summary>The notice beside the result; empty while the command is simply available.</summary>
    /// <param name="goes">When the old commands go: <c>version 2.0</c>.</param>
    /// <param name="guide">Address or path of the migration guide.</param>
    public static string Create(OldCommand command, LegacyCommandMode mode, CommandRequest request, string goes, string guide) => mode switch
    {
        LegacyCommandMode.Deprecated =>
            $"'{command.Name}' is deprecated and goes with {goes}. Use: {command.GetReplacement(request)}. Migration guide: {guide}",
        LegacyCommandMode.Redirected =>
            $"'{command.Name}' now does what this does: {command.GetReplacement(request)}. The old name goes with {goes}. Migration guide: {guide}",
        LegacyCommandMode.Removed =>
            $"'{command.Name}' has been removed. Use: {command.GetReplacement(request)}. Migration guide: {guide}",
        _ => string.Empty,
    };
}

/// <summary>The commands that <c>process-pipeline</c> replaces (PRODUCT 6).</summary>
public static class OldCommands
{
    public static OldCommand ProcessIssues { get; } =
        new("process-issues", "Write guidance into issues that have a specialist's label, or with --issue take one issue the whole way.", StageNames.Preparation, StageNames.Auto);

    public static OldCommand ProcessCopilotIssues { get; } =
        new("process-copilot-issues", "Write guidance into issues that are meant for Copilot.", StageNames.Preparation, StageNames.Preparation);

    public static OldCommand AssignWorkflows { get; } =
        new("assign-workflows", "Choose specialists for issues labelled site-monitor.", StageNames.Analysis, StageNames.Analysis);

    public static IReadOnlyList<OldCommand> All { get; } = [ProcessIssues, ProcessCopilotIssues, AssignWorkflows];

    public static OldCommand? Find(string name) => All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>How far the old commands are on their way out: the variants of the flag <c>LegacyCommands</c>.</summary>
public enum LegacyCommandMode
{
    Available,
    Deprecated,
    Redirected,
    Removed,
}
