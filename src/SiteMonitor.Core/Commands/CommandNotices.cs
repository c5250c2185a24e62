using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Core.Commands;

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
