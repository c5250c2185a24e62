using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>A flag as the body of a PUT to Azure App Configuration: what the post-provision step creates where a flag is absent.</summary>
public static class FlagSeed
{
    private const string ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8";
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(FlagTarget target) => new JsonObject
    {
        ["content_type"] = ContentType,
        ["value"] = FlagSettingConverter.Apply(target.Flag, existing: null, target.Setting),
    }.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
}
