using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>A phase's flags as a file of the Microsoft.FeatureManagement schema.</summary>
public static class PhaseFlagFile
{
    public static string Text(PhasePlan phase)
    {
        IEnumerable<JsonNode?> flags = phase.Flags.Targets()
            .OrderBy(t => FlagNames.All.ToList().IndexOf(t.Flag))
            .Select(t => JsonNode.Parse(FlagSettingWriter.Apply(t.Flag, existing: null, t.Setting)));
        var document = new JsonObject { ["feature_management"] = new JsonObject { ["feature_flags"] = new JsonArray([.. flags]) } };
        return document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }).ReplaceLineEndings("\n") + "\n";
    }
}
