using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Core.Commands;

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
