using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The flags file of a test: everything unified and automatic unless said otherwise; rewriting it flips switches in a running application.</summary>
internal sealed class TestFlags(string path)
{
    private readonly HashSet<string> _on =
    [
        "UnifiedPipeline", "UnifiedPipeline.Analysis", "UnifiedPipeline.Preparation", "UnifiedPipeline.Analysis.Fallback", "UnifiedPipeline.Preparation.Fallback",
        "AutomaticTriggers", "AutomaticTriggers.Timer",
    ];

    private string? _oldCommands;
    private string? _label;

    public string Path => path;

    public TestFlags Off(params string[] names)
    {
        _on.ExceptWith(names);
        return Write();
    }

    public TestFlags On(params string[] names)
    {
        _on.UnionWith(names);
        return Write();
    }

    /// <summary>Sets the variant of <c>LegacyCommands</c>.</summary>
    public TestFlags OldCommands(string variant)
    {
        _oldCommands = variant;
        return Write();
    }

    /// <summary>Leaves the pipeline on, but only for issues with this label.</summary>
    public TestFlags OnlyLabelled(string label)
    {
        _label = label;
        return Write();
    }

    public TestFlags Write()
    {
        JsonArray flags =
        [
            .. FlagNames.All.Where(n => n is not (FlagNames.LegacyCommands or FlagNames.UnifiedPipeline)).Select(Switch),
            _label is { } label && _on.Contains(FlagNames.UnifiedPipeline)
                ? JsonNode.Parse(FlagSettingWriter.Apply(FlagNames.UnifiedPipeline, null, new FlagSetting { Enabled = true, Labels = [label] }))
                : Switch(FlagNames.UnifiedPipeline),
            JsonNode.Parse(FlagSettingWriter.Apply(FlagNames.LegacyCommands, null, new FlagSetting { Enabled = _oldCommands is not null, Variant = _oldCommands })),
        ];

        string whole = new JsonObject { ["feature_management"] = new JsonObject { ["feature_flags"] = flags } }.ToJsonString();
        string next = $"{path}.next";
        File.WriteAllText(next, whole);
        File.Move(next, path, overwrite: true);
        return this;
    }

    private JsonNode Switch(string name) => new JsonObject { ["id"] = name, ["enabled"] = _on.Contains(name) };
}
