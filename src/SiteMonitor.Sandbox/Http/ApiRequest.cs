using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Limits;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Http;

/// <summary>A request to the simulated GitHub whose sender is known.</summary>
internal sealed record ApiRequest(HttpContext Http, byte[] Body, long Number, Caller Caller)
{
    public required RequestKind Kind { get; init; }

    /// <summary>The words by which faults and hooks name it.</summary>
    public required IReadOnlySet<string> Tags { get; init; }

    /// <summary>GraphQL mutation fields that an injected fault makes fail.</summary>
    public IReadOnlySet<string> FailingFields { get; init; } = new HashSet<string>();

    /// <summary>The parsed document of a GraphQL request.</summary>
    public GraphRequest? Graph { get; init; }

    public bool IsGraph => Kind is RequestKind.Query or RequestKind.Mutation;

    public WriteContext Writer => new(Caller.Account, IsGraph ? "graphql" : "rest", Number);

    public string Route(string name) => (string?)Http.Request.RouteValues[name] ?? "";

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The body as a JSON object; refuses anything else in GitHub's words.</summary>
    public JsonObject Json()
    {
        try
        {
            return Body.Length == 0 ? [] : JsonNode.Parse(Body) as JsonObject ?? throw GitHubErrorException.BadRequest("Body should be a JSON object");
        }
        catch (JsonException)
        {
            throw GitHubErrorException.BadRequest("Problems parsing JSON");
        }
    }

    /// <summary>A number from the path; GitHub knows nothing under a path that is none.</summary>
    public int RouteNumber(string name) =>
        int.TryParse(Route(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw GitHubErrorException.NotFound();
}

/// <summary>One path of the simulated GitHub.</summary>
/// <param name="Pattern">Without the prefix <c>/api/v3</c>.</param>
/// <param name="Resource">What faults and hooks call it.</param>
internal sealed record ApiRoute(string Method, string Pattern, string Resource)
{
    public bool IsGraph { get; init; }

    public bool IsAppSignIn => SignIn is not null;

    public Func<ApiRequest, Task<SimulatedResponse>>? Handler { get; init; }

    /// <summary>Instead of a handler: a path that takes the App's own token and no user's.</summary>
    public Func<HttpContext, byte[], SimulatedResponse>? SignIn { get; init; }
}
