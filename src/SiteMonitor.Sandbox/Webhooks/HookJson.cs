using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Webhooks;

/// <summary>Creates the webhook's configuration as REST and the ping event show it.</summary>
internal static class HookJson
{
    public static JsonArray List(Uri? target) => target is null ? [] : new JsonArray(Hook(target));

    public static JsonObject Ping(GitHubJson json, SimulatedRepository repository, Uri? target) => new()
    {
        ["zen"] = "Keep it logically awesome.",
        ["hook_id"] = 292430182,
        ["hook"] = Hook(target),
        ["repository"] = json.Repository(repository),
        ["sender"] = json.User(Accounts.Operator),
    };

    private static JsonObject Hook(Uri? target) => new()
    {
        ["type"] = "Repository",
        ["id"] = 292430182,
        ["name"] = "web",
        ["active"] = true,
        ["events"] = new JsonArray("issues", "pull_request"),
        ["config"] = Config(target),
    };

    public static JsonObject Config(Uri? target) =>
        new() { ["content_type"] = "json", ["insecure_ssl"] = "0", ["secret"] = "********", ["url"] = target?.ToString() ?? "" };
}
