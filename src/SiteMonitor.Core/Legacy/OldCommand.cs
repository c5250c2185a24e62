using System.Globalization;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Legacy;

/// <summary>An old command and its replacement.</summary>
/// <param name="Name">Name on the command line: <c>process-issues</c>.</param>
/// <param name="Summary">Description for help texts.</param>
/// <param name="BatchStage">The stage of <c>process-pipeline</c> that does the same to a batch.</param>
/// <param name="IssueStage">The stage of <c>process-pipeline</c> that does the same to one issue.</param>
public sealed record OldCommand(string Name, string Summary, string BatchStage, string IssueStage)
{
    /// <summary>Returns the replacement with the arguments that were given.</summary>
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

/// <summary>Writes the notice that the caller of an old command gets.</summary>
public static class OldCommandNotices
{
    /// <summary>Returns the notice; empty while the command is available without restriction.</summary>
    /// <param name="command">The command that was called.</param>
    /// <param name="mode">The commands' present mode.</param>
    /// <param name="request">The arguments that were given.</param>
    /// <param name="removedIn">When the old commands are removed: <c>version 2.0</c>.</param>
    /// <param name="guide">Address or path of the migration guide.</param>
    public static string Create(OldCommand command, LegacyCommandMode mode, CommandRequest request, string removedIn, string guide) =>
        mode switch
    {
        LegacyCommandMode.Deprecated =>
            $"'{command.Name}' is deprecated and will be removed in {removedIn}. Use: {command.GetReplacement(request)}. " +
                $"Migration guide: {guide}",
        LegacyCommandMode.Redirected =>
            $"'{command.Name}' now runs this command: {command.GetReplacement(request)}. The old name will be removed in {removedIn}. " +
                $"Migration guide: {guide}",
        LegacyCommandMode.Removed =>
            $"'{command.Name}' has been removed. Use: {command.GetReplacement(request)}. Migration guide: {guide}",
        _ => string.Empty,
    };
}

/// <summary>The commands that <c>process-pipeline</c> replaces.</summary>
public static class OldCommands
{
    public static OldCommand ProcessIssues { get; } =
        new("process-issues", "Write guidance into issues that have a specialist's label, or with --issue take one issue the whole way.",
            StageNames.Preparation, StageNames.Auto);

    public static OldCommand ProcessCopilotIssues { get; } =
        new("process-copilot-issues", "Write guidance into issues that are meant for Copilot.", StageNames.Preparation,
            StageNames.Preparation);

    public static OldCommand AssignWorkflows { get; } =
        new("assign-workflows", "Choose specialists for issues labelled site-monitor.", StageNames.Analysis, StageNames.Analysis);

    public static IReadOnlyList<OldCommand> All { get; } = [ProcessIssues, ProcessCopilotIssues, AssignWorkflows];

    public static OldCommand? Find(string name) => All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What an old command does: the variants of the flag <c>LegacyCommands</c>.</summary>
public enum LegacyCommandMode
{
    Available,
    Deprecated,
    Redirected,
    Removed,
}
