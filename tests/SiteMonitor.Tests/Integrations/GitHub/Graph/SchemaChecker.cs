using System.Collections.Immutable;
using GraphQLParser;
using GraphQLParser.AST;

namespace SiteMonitor.Tests.Integrations.GitHub.Graph;

/// <summary>Checks a document against a schema as a server would: types, fields, arguments, variables, and that fields of one name agree where types overlap.</summary>
internal sealed class SchemaChecker
{
    private readonly Dictionary<string, GraphQLTypeDefinition> _types;
    private readonly HashSet<string> _accepted;
    private readonly List<string> _problems = [];
    private GraphQLDocument _document = null!;
    private Dictionary<string, GraphQLType> _variables = [];
    private readonly HashSet<string> _used = [];

    /// <param name="accepted">Fields (<c>Issue.assignedActors</c>) that are newer than the schema.</param>
    public SchemaChecker(string schema, params string[] accepted)
    {
        _types = Parser.Parse(schema).Definitions.OfType<GraphQLTypeDefinition>().ToDictionary(t => t.Name.StringValue);
        _accepted = [.. accepted];
    }

    /// <summary>Accepted fields that a document really used.</summary>
    public HashSet<string> AcceptedSeen { get; } = [];

    public IReadOnlyList<string> Check(string document)
    {
        _problems.Clear();
        _used.Clear();
        _document = Parser.Parse(document);
        GraphQLOperationDefinition operation = _document.Definitions.OfType<GraphQLOperationDefinition>().Single();
        _variables = (operation.Variables?.Items ?? []).ToDictionary(v => v.Variable.Name.StringValue, v => v.Type);
        foreach ((string name, GraphQLType type) in _variables)
        {
            Expect(_types.TryGetValue(NameOf(type), out GraphQLTypeDefinition? found) && found is GraphQLInputObjectTypeDefinition or GraphQLScalarTypeDefinition or GraphQLEnumTypeDefinition
                || NameOf(type) is "String" or "Int" or "ID" or "Boolean" or "Float", $"${name}: no input type {NameOf(type)}");
        }

        CheckSelections(operation.SelectionSet, operation.Operation == OperationType.Mutation ? "Mutation" : "Query", []);
        Expect(_used.SetEquals(_variables.Keys), $"unused variables: {string.Join(", ", _variables.Keys.Except(_used))}");
        return [.. _problems];
    }

    private void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            _problems.Add(problem);
        }
    }

    /// <param name="shapes">Response name → type, for all fields at one place of the answer, whatever fragment they are in.</param>
    private void CheckSelections(GraphQLSelectionSet set, string type, Dictionary<string, string> shapes)
    {
        foreach (ASTNode selection in set.Selections)
        {
            switch (selection)
            {
                case GraphQLField field:
                    CheckField(field, type, shapes);
                    break;
                case GraphQLInlineFragment { TypeCondition: { } on } inline:
                    CheckOverlap(type, on.Type.Name.StringValue);
                    CheckSelections(inline.SelectionSet, on.Type.Name.StringValue, shapes);
                    break;
                case GraphQLFragmentSpread spread:
                    GraphQLFragmentDefinition named = _document.Definitions.OfType<GraphQLFragmentDefinition>().Single(f => f.FragmentName.Name == spread.FragmentName.Name);
                    CheckOverlap(type, named.TypeCondition.Type.Name.StringValue);
                    CheckSelections(named.SelectionSet, named.TypeCondition.Type.Name.StringValue, shapes);
                    break;
            }
        }
    }

    private void CheckField(GraphQLField field, string type, Dictionary<string, string> shapes)
    {
        string name = field.Name.StringValue;
        if (name == "__typename")
        {
            return;
        }

        if (_accepted.Contains($"{type}.{name}"))
        {
            AcceptedSeen.Add($"{type}.{name}");
            return;
        }

        if (FieldsOf(type)?.FirstOrDefault(f => f.Name.StringValue == name) is not { } definition)
        {
            _problems.Add($"{type} has no field {name}");
            return;
        }

        CheckArguments(field, definition, type);
        string answer = field.Alias?.Name.StringValue ?? name;
        bool leaf = IsLeaf(NameOf(definition.Type));
        string shape = leaf ? Print(definition.Type) : "object";
        Expect(shapes.TryAdd(answer, shape) || shapes[answer] == shape, $"{answer}: fields conflict because they return {shapes[answer]} and {shape}");
        Expect(leaf == (field.SelectionSet is null), $"{type}.{name}: {(leaf ? "has no fields" : "needs a selection")}");
        if (field.SelectionSet is { } inner)
        {
            CheckSelections(inner, NameOf(definition.Type), []);
        }
    }

    private void CheckArguments(GraphQLField field, GraphQLFieldDefinition definition, string type)
    {
        ImmutableArray<GraphQLInputValueDefinition> wanted = [.. definition.Arguments?.Items ?? []];
        foreach (GraphQLArgument argument in field.Arguments?.Items ?? [])
        {
            GraphQLInputValueDefinition? known = wanted.FirstOrDefault(w => w.Name == argument.Name);
            Expect(known is not null, $"{type}.{field.Name.StringValue} has no argument {argument.Name.StringValue}");
            if (argument.Value is GraphQLVariable variable && known is not null)
            {
                string name = variable.Name.StringValue;
                _used.Add(name);
                Expect(_variables.TryGetValue(name, out GraphQLType? given) && Print(given).TrimEnd('!') == Print(known.Type).TrimEnd('!') && (known.Type is not GraphQLNonNullType || given is GraphQLNonNullType),
                    $"${name} does not fit {type}.{field.Name.StringValue}({known.Name.StringValue}: {Print(known.Type)})");
            }
        }

        foreach (GraphQLInputValueDefinition required in wanted.Where(w => w.Type is GraphQLNonNullType && w.DefaultValue is null))
        {
            Expect(field.Arguments?.Items.Any(a => a.Name == required.Name) == true, $"{type}.{field.Name.StringValue} needs {required.Name.StringValue}");
        }
    }

    private void CheckOverlap(string outer, string inner) =>
        Expect(_types.ContainsKey(inner) && Concrete(outer).Overlaps(Concrete(inner)), $"... on {inner} can never be inside {outer}");

    private HashSet<string> Concrete(string type) => _types.GetValueOrDefault(type) switch
    {
        GraphQLUnionTypeDefinition union => [.. union.Types!.Items.Select(t => t.Name.StringValue)],
        GraphQLInterfaceTypeDefinition => [.. _types.Values.OfType<GraphQLObjectTypeDefinition>().Where(o => o.Interfaces?.Items.Any(i => i.Name.StringValue == type) == true).Select(o => o.Name.StringValue)],
        _ => [type],
    };

    private List<GraphQLFieldDefinition>? FieldsOf(string type) => _types.GetValueOrDefault(type) switch
    {
        GraphQLObjectTypeDefinition definition => definition.Fields?.Items,
        GraphQLInterfaceTypeDefinition definition => definition.Fields?.Items,
        _ => null,
    };

    private bool IsLeaf(string type) => _types.GetValueOrDefault(type) is null or GraphQLScalarTypeDefinition or GraphQLEnumTypeDefinition;

    private static string NameOf(GraphQLType type) => type switch
    {
        GraphQLNonNullType wrapped => NameOf(wrapped.Type),
        GraphQLListType list => NameOf(list.Type),
        GraphQLNamedType named => named.Name.StringValue,
        _ => throw new InvalidOperationException(type.ToString()),
    };

    private static string Print(GraphQLType type) => type switch
    {
        GraphQLNonNullType wrapped => Print(wrapped.Type) + "!",
        GraphQLListType list => $"[{Print(list.Type)}]",
        _ => NameOf(type),
    };
}
