using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>GitHub Actions workflows over REST: every repository has the three of the rollout plan, initially active.</summary>
internal sealed class WorkflowEndpoints(RestContext context)
{
    private const string Active = "active";
    private const string Disabled = "disabled_manually";
    private static readonly string[] Files = ["ops-workflow-assignment.yml", "ops-issue-processing-pr.yml", "ops-unified-pipeline.yml"];

    private readonly ConcurrentDictionary<string, string> _states = new();

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/repos/{owner}/{repo}/actions/workflows", "workflows") { Handler = r => Task.FromResult(List(r)) },
        new("GET", "/repos/{owner}/{repo}/actions/workflows/{workflow}", "workflows") { Handler = r => Task.FromResult(Get(r)) },
        new("PUT", "/repos/{owner}/{repo}/actions/workflows/{workflow}/enable", "workflows")
        {
            Handler = r => Task.FromResult(Set(r, Active)),
        },
        new("PUT", "/repos/{owner}/{repo}/actions/workflows/{workflow}/disable", "workflows")
        {
            Handler = r => Task.FromResult(Set(r, Disabled)),
        },
    ];

    private SimulatedResponse List(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        return SimulatedResponse.Of(new JsonObject
        {
            ["total_count"] = Files.Length,
            ["workflows"] = new JsonArray([.. Files.Select(file => (JsonNode)Json(repository, file))]),
        });
    }

    private SimulatedResponse Get(ApiRequest request) => SimulatedResponse.Of(Json(context.Repository(request), File(request)));

    private SimulatedResponse Set(ApiRequest request, string state)
    {
        _states[Key(context.Repository(request), File(request))] = state;
        return SimulatedResponse.Empty(204);
    }

    private JsonObject Json(SimulatedRepository repository, string file)
    {
        int id = Array.IndexOf(Files, file) + 1;
        string number = id.ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["id"] = id,
            ["node_id"] = $"W_sandbox{number}",
            ["name"] = Path.GetFileNameWithoutExtension(file),
            ["path"] = $".github/workflows/{file}",
            ["state"] = _states.GetValueOrDefault(Key(repository, file), Active),
            ["created_at"] = "2025-01-01T00:00:00Z",
            ["updated_at"] = "2025-01-01T00:00:00Z",
            ["url"] = $"https://api.github.com/repos/{repository.Key}/actions/workflows/{number}",
            ["html_url"] = $"https://github.com/{repository.Key}/blob/main/.github/workflows/{file}",
            ["badge_url"] = $"https://github.com/{repository.Key}/workflows/{file}/badge.svg",
        };
    }

    // GitHub accepts the workflow's id or its file name.
    private static string File(ApiRequest request) =>
        Files.FirstOrDefault(f => f == request.Route("workflow"))
        ?? (int.TryParse(request.Route("workflow"), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && id >= 1
            && id <= Files.Length ? Files[id - 1] : throw GitHubErrorException.NotFound());

    private static string Key(SimulatedRepository repository, string file) => $"{repository.Key}/{file}";
}
