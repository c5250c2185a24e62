using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Limits;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Http;

/// <summary>An authenticated request to the simulated GitHub.</summary>
internal sealed record ApiRequest(HttpContext Http, byte[] Body, long Number, Caller Caller)
{
    public required RequestKind Kind { get; init; }

    /// <summary>The words by which faults and hooks match it.</summary>
    public required IReadOnlySet<string> Tags { get; init; }

    /// <summary>GraphQL mutation fields that an injected fault makes fail.</summary>
    public IReadOnlySet<string> FailingFields { get; init; } = new HashSet<string>();

    /// <summary>The type of their errors.</summary>
    public string FieldErrorType { get; init; } = "SERVICE_UNAVAILABLE";

    /// <summary>Runs what is to happen just before a mutation of this request, by the mutation's name.</summary>
    public Action<string> BeforeField { get; init; } = _ => { };

    /// <summary>The parsed document of a GraphQL request.</summary>
    public GraphRequest? Graph { get; init; }

    public bool IsRead => Kind is RequestKind.Read or RequestKind.Query;

    public bool IsGraph => Kind is RequestKind.Query or RequestKind.Mutation;

    public WriteContext Writer => new(Caller.Account, IsGraph ? "graphql" : "rest", Number);

    public string Route(string name) => (string?)Http.Request.RouteValues[name] ?? "";

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Returns the body as a JSON object; anything else is refused with GitHub's message.</summary>
    public JsonObject Json()
    {
        try
        {
            return Body.Length == 0
                ? []
                : JsonNode.Parse(Body) as JsonObject ?? throw GitHubErrorException.BadRequest("Body should be a JSON object");
        }
        catch (JsonException)
        {
            throw GitHubErrorException.BadRequest("Problems parsing JSON");
        }
    }

    /// <summary>Returns a number from the path; any other value is not found.</summary>
    public int RouteNumber(string name) =>
        int.TryParse(Route(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw GitHubErrorException.NotFound();
}

/// <summary>A route of the simulated GitHub.</summary>
/// <param name="Pattern">Route pattern without the prefix <c>/api/v3</c>.</param>
/// <param name="Resource">Name of the resource for faults and hooks.</param>
internal sealed record ApiRoute(string Method, string Pattern, string Resource)
{
    public bool IsGraph { get; init; }

    public bool IsAppSignIn => SignIn is not null;

    public Func<ApiRequest, Task<SimulatedResponse>>? Handler { get; init; }

    /// <summary>Handler of a route that takes the App's own token instead of a user's.</summary>
    public Func<HttpContext, byte[], SimulatedResponse>? SignIn { get; init; }
}
