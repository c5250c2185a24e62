using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Comparison;

/// <summary>Loads the rules for accepted differences.</summary>
public static class AcceptedDifferences
{
    private const string Resource = "SiteMonitor.Core.Comparison.accepted-differences.json";

    /// <summary>The built-in rules, which a file named in the settings replaces.</summary>
    public static IReadOnlyList<AcceptedDifference> BuiltIn { get; } = LoadBuiltIn();

    public static AcceptedDifferencesLoadResult Load(string json, string file)
    {
        AcceptedDifferencesFile? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize(json, AcceptedDifferencesJson.Default.AcceptedDifferencesFile);
        }
        catch (JsonException e)
        {
            JsonFileError mistake = JsonFileError.From(e);
            return new AcceptedDifferencesLoadResult(null, [$"{file}: {mistake.Place}: {mistake.Reason}"]);
        }

        if (parsed?.Rules is not { } entries)
        {
            return new AcceptedDifferencesLoadResult(null, [$"{file}: rules: is missing: write a list, which may be empty."]);
        }

        List<string> problems = [];
        List<AcceptedDifference> rules = [];
        for (int i = 0; i < entries.Count; i++)
        {
            if (Check(entries[i], i, rules, out string problem) is { } rule)
            {
                rules.Add(rule);
            }
            else
            {
                problems.Add($"{file}: rules[{i}]: {problem}");
            }
        }

        return problems.Count > 0 ? new AcceptedDifferencesLoadResult(null, problems) : new AcceptedDifferencesLoadResult(rules, []);
    }

    private static AcceptedDifference? Check(
        AcceptedDifferencesFile.Entry? entry,
        int index,
        List<AcceptedDifference> before,
        out string problem)
    {
        problem = entry switch
        {
            null => "is null: write a rule.",
            { Id: null or "" } => "id: is missing: name the rule.",
            { Field: null } => "field: is missing: outcome, specialists, labels, assignees, guidance or duration.",
            { Side: null } => "side: is missing: unified, legacy, both or any.",
            { Item: null or "" } => "item: is missing: which label, login or heading; '*' for any.",
            _ when string.IsNullOrWhiteSpace(entry.Reason) => "reason: is missing: an accepted difference is a documented one.",
            _ when entry.Item.AsSpan().Trim('*').Contains('*') => "item: '*' may stand at the beginning and at the end only.",
            _ when before.Any(rule => rule.Id == entry.Id) => $"id: '{entry.Id}' occurs twice.",
            _ => string.Empty,
        };
        return problem.Length == 0 && entry is { Id: { } id, Field: { } field, Side: { } side, Item: { } item, Reason: { } reason }
            ? new AcceptedDifference(id, field, side, item, reason)
            : null;
    }

    private static IReadOnlyList<AcceptedDifference> LoadBuiltIn()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build lacks the resource {Resource}.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        AcceptedDifferencesLoadResult load = Load(reader.ReadToEnd(), "accepted-differences.json (built in)");
        return load.Rules ?? throw new InvalidOperationException(string.Join(Environment.NewLine, load.Problems));
    }
}

/// <summary>The rules file before validation, when any member may be missing.</summary>
internal sealed record AcceptedDifferencesFile
{
    public List<Entry?>? Rules { get; init; }

    internal sealed record Entry
    {
        public string? Id { get; init; }

        public ComparedField? Field { get; init; }

        public DifferenceSide? Side { get; init; }

        public string? Item { get; init; }

        public string? Reason { get; init; }
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(AcceptedDifferencesFile))]
internal sealed partial class AcceptedDifferencesJson : JsonSerializerContext;

/// <summary>The rules of a file, or all its problems (file, place, reason).</summary>
public sealed record AcceptedDifferencesLoadResult(IReadOnlyList<AcceptedDifference>? Rules, IReadOnlyList<string> Problems)
{
    public bool IsValid => Rules is not null;
}
