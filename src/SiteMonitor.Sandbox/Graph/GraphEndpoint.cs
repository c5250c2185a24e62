using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQL.Utilities;
using GraphQL.Validation;
using GraphQL.Validation.Errors;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.Limits;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>GitHub's GraphQL endpoint. Every error except a malformed request has status 200.</summary>
internal sealed partial class GraphEndpoint(
    SandboxState state, GitHubActions actions, SandboxSwitches switches, AuthorEditSimulator author, IReadOnlyList<string> missingFields)
{
    /// <summary>The schema of all servers that have every field. It holds no state, so it is built once.</summary>
    private static readonly Lazy<ISchema> CompleteSchema = new(() => LoadSchema([]));

    private readonly Lazy<ISchema> _schema = missingFields.Count == 0 ? CompleteSchema : new(() => LoadSchema(missingFields));
    private readonly DocumentExecuter _executer = new();

    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/graphql", "graphql") { IsGraph = true, Handler = AnswerAsync },
        new("POST", "/api/graphql", "graphql") { IsGraph = true, Handler = AnswerAsync },
    ];

    /// <param name="missingFields">Fields to leave out, like an older server.</param>
    internal static ISchema LoadSchema(IReadOnlyList<string> missingFields)
    {
        using Stream stream = typeof(GraphEndpoint).Assembly.GetManifestResourceStream("SiteMonitor.Sandbox.Graph.Schema.graphql")
            ?? throw new InvalidOperationException("The GraphQL schema is not embedded in this assembly.");
        using StreamReader reader = new(stream);
        SchemaBuilder builder = new();
        ResolverMap map = new(builder);
        QueryType.Map(map);
        MutationType.Map(map);
        IssueTypes.Map(map);
        TimelineTypes.Map(map);
        ActorTypes.Map(map);
        CommonTypes.Map(map);
        IEnumerable<string> lines = reader.ReadToEnd().Split('\n')
            .Where(line => !missingFields.Any(f => line.StartsWith($"  {f}(", StringComparison.Ordinal)));
        Schema schema = builder.Build(string.Join('\n', lines));
        schema.RegisterType(new DateTimeScalar());
        schema.Initialize();
        return schema;
    }

    private async Task<SimulatedResponse> AnswerAsync(ApiRequest request)
    {
        if (request.Graph is not { } graph)
        {
            return SimulatedResponse.Error(
                400, request.Body.Length == 0 ? "A query attribute must be specified and must be a string." : "Problems parsing JSON");
        }

        if (graph.IsMutation)
        {
            author.BeforeMutations(graph.Fields, Encoding.UTF8.GetString(request.Body));
        }

        ExecutionResult result = await _executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = _schema.Value,
            Query = graph.Query,
            OperationName = graph.OperationName,
            Variables = new Inputs(new Dictionary<string, object?>(graph.Variables)),
            UserContext = new GraphContext(request, state, actions, switches),
            Root = GraphRoot.Instance,
            CancellationToken = request.Http.RequestAborted,
        });
        return ToReply(result);
    }

    private static SimulatedResponse ToReply(ExecutionResult result)
    {
        JsonObject body = [];
        if (result is { Executed: true, Data: ExecutionNode data })
        {
            body["data"] = ToJson(data.ToValue());
        }

        if (result.Errors is { Count: > 0 } errors)
        {
            body["errors"] = new JsonArray([.. errors.Select(ToJson)]);
        }

        return SimulatedResponse.Of(body) with { HasGraphErrors = body.ContainsKey("errors") };
    }

    private static JsonObject ToJson(ExecutionError error)
    {
        JsonObject json = [];
        switch (error)
        {
            case FieldsOnCorrectTypeError unknown when UnknownField().Match(error.Message) is { Success: true } named:
                json["extensions"] = new JsonObject
                {
                    ["code"] = "undefinedField",
                    ["typeName"] = named.Groups["type"].Value,
                    ["fieldName"] = named.Groups["field"].Value,
                };
                json["locations"] = Locations(unknown);
                json["message"] = $"Field '{named.Groups["field"].Value}' doesn't exist on type '{named.Groups["type"].Value}'";
                return json;
            case SyntaxError or ValidationError:
                json["extensions"] = new JsonObject { ["code"] = error is SyntaxError ? "parseError" : ValidationCode(error) };
                break;
            case { Code: { } code } and not DocumentError:
                json["type"] = code;
                break;
        }

        if (error.Path is not null)
        {
            json["path"] = new JsonArray([.. error.Path.Select(p => JsonSerializer.SerializeToNode(p))]);
        }

        if (error.Locations is not null)
        {
            json["locations"] = Locations(error);
        }

        json["message"] = error.InnerException is null || error is ValidationError
            ? error.Message
            : "Something went wrong while executing your query.";
        return json;
    }

    private static JsonArray Locations(ExecutionError error) =>
        new([.. (error.Locations ?? []).Select(l => new JsonObject { ["line"] = l.Line, ["column"] = l.Column })]);

    [GeneratedRegex("^Cannot query field '(?<field>[^']+)' on type '(?<type>[^']+)'")]
    private static partial Regex UnknownField();

    private static string ValidationCode(ExecutionError error) => error switch
    {
        KnownArgumentNamesError => "argumentNotAccepted",
        ProvidedNonNullArgumentsError => "missingRequiredArguments",
        ArgumentsOfCorrectTypeError => "argumentLiteralsIncompatible",
        VariablesInAllowedPositionError => "variableMismatch",
        _ => "validationError",
    };

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        IReadOnlyDictionary<string, object?> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, ToJson(p.Value)))),
        string text => text,
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(ToJson)]),
        _ => JsonSerializer.SerializeToNode(value, value.GetType()),
    };
}
