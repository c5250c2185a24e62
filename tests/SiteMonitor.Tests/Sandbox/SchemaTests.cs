using GraphQLParser;
using GraphQLParser.AST;
using SiteMonitor.Sandbox.Graph;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>The simulator's schema must be a part of GitHub's, with the same types.</summary>
public sealed class SchemaTests
{
    /// <summary>Newer than the published schema (docs.github.com, "Using Copilot to work on an issue").</summary>
    private static readonly HashSet<string> Newer =
    [
        "Issue.assignedActors", "Repository.suggestedActors", "ActorConnection", "ActorEdge", "AssigneeConnection", "AssigneeEdge",
        "RepositorySuggestedActorFilter",
    ];

    [Fact]
    public async Task Every_Field_Argument_And_Type_Is_GitHubs()
    {
        Dictionary<string, string> real = Members(Parser.Parse(await File.ReadAllTextAsync(
            await NodeTools.FileAsync("@octokit/graphql-schema", "schema.graphql"), TestContext.Current.CancellationToken)));
        Dictionary<string, string> ours = Members(Parser.Parse(await OursAsync()));

        string[] strange = [.. ours
            .Where(m => !Newer.Contains(m.Key)
                && !Newer.Contains(m.Key.Split('.')[0])
                && !Newer.Contains(string.Join('.', m.Key.Split('.').Take(2))))
            .Where(m => real.GetValueOrDefault(m.Key) != m.Value)
            .Select(m => $"{m.Key}: {m.Value} here, {real.GetValueOrDefault(m.Key, "absent")} there")];

        Assert.Empty(strange);
        Assert.True(ours.Count > 200);
    }

    [Fact]
    public void Every_Field_Has_Its_Resolver()
    {
        GraphQL.Types.ISchema schema = GraphEndpoint.LoadSchema([]);

        string[] bare = [.. schema.AllTypes.OfType<GraphQL.Types.IObjectGraphType>()
            .Where(t => !t.Name.StartsWith("__", StringComparison.Ordinal))
            .SelectMany(
                t => t.Fields.Where(
                    f => f.Resolver is not GraphQL.Resolvers.FuncFieldResolver<object?>).Select(f => $"{t.Name}.{f.Name}"))];

        Assert.Empty(bare);
    }

    private static async Task<string> OursAsync()
    {
        await using Stream stream = typeof(GraphEndpoint).Assembly.GetManifestResourceStream("SiteMonitor.Sandbox.Graph.Schema.graphql")!;
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Everything that a document can name, with its type: <c>Issue.labels.first</c> → <c>Int</c>.</summary>
    private static Dictionary<string, string> Members(GraphQLDocument document)
    {
        Dictionary<string, string> members = [];
        foreach (ASTNode definition in document.Definitions)
        {
            switch (definition)
            {
                case GraphQLObjectTypeDefinition type:
                    Add(members, type.Name.StringValue, type.Fields);
                    break;
                case GraphQLInterfaceTypeDefinition type:
                    Add(members, type.Name.StringValue, type.Fields);
                    break;
                case GraphQLInputObjectTypeDefinition type:
                    foreach (GraphQLInputValueDefinition field in type.Fields?.Items ?? [])
                    {
                        members[$"{type.Name.StringValue}.{field.Name.StringValue}"] = Print(field.Type);
                    }

                    break;
                case GraphQLEnumTypeDefinition type:
                    foreach (GraphQLEnumValueDefinition value in type.Values?.Items ?? [])
                    {
                        members[$"{type.Name.StringValue}.{value.Name.StringValue}"] = "value";
                    }

                    break;
            }
        }

        return members;
    }

    private static void Add(Dictionary<string, string> members, string type, GraphQLFieldsDefinition? fields)
    {
        foreach (GraphQLFieldDefinition field in fields?.Items ?? [])
        {
            string name = $"{type}.{field.Name.StringValue}";
            members[name] = Print(field.Type);
            foreach (GraphQLInputValueDefinition argument in field.Arguments?.Items ?? [])
            {
                members[$"{name}.{argument.Name.StringValue}"] = Print(argument.Type);
            }
        }
    }

    private static string Print(GraphQLType type) => type switch
    {
        GraphQLNonNullType inner => $"{Print(inner.Type)}!",
        GraphQLListType inner => $"[{Print(inner.Type)}]",
        _ => ((GraphQLNamedType)type).Name.StringValue,
    };
}
