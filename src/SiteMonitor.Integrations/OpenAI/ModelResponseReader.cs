using System.Text.Json;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Parses a response and checks what the schema cannot, such as ranges. Lists and texts that are too long are cut.</summary>
internal static class ModelResponseReader
{
    private const int MaxSummary = 1000;
    private const int MaxTopics = 10;
    private const int MaxIndicators = 20;
    private const int MaxNames = 20;
    private const int MaxItem = 200;

    /// <summary>Of two members with one name, which counts would depend on the reader.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <param name="problem">What is wrong, without the answer's text; empty when nothing is.</param>
    public static ModelAnalysis? Read(string json, SpecialistCatalogue catalogue, out string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            problem = string.Empty;
            return Read(document.RootElement, catalogue);
        }
        catch (JsonException)
        {
            problem = "it is not JSON, or has a member twice";
        }
        catch (FormatException wrong)
        {
            problem = wrong.Message;
        }

        return null;
    }

    private static ModelAnalysis Read(JsonElement root, SpecialistCatalogue catalogue) => new()
    {
        Summary = Cut(Text(root, ModelResponseSchema.Summary), MaxSummary),
        KeyTopics = Items(root, ModelResponseSchema.KeyTopics, MaxTopics),
        Confidences = Confidences(Member(root, ModelResponseSchema.Confidences, JsonValueKind.Object), catalogue),
        Indicators = Items(root, ModelResponseSchema.Indicators, MaxIndicators),
        Urgency = Enum.TryParse(Text(root, ModelResponseSchema.Urgency), ignoreCase: true, out Urgency urgency) && Enum.IsDefined(urgency)
            ? urgency
            : throw new FormatException($"{ModelResponseSchema.Urgency} is not one of the given values"),
        ContentType = ModelResponseSchema.ContentTypes.Contains(Text(root, ModelResponseSchema.ContentType))
            ? Text(root, ModelResponseSchema.ContentType)
            : throw new FormatException($"{ModelResponseSchema.ContentType} is not one of the given values"),
        Names = Names(Member(root, ModelResponseSchema.Names, JsonValueKind.Object)),
    };

    private static NamedEntities Names(JsonElement given) => new()
    {
        Organisations = Items(given, ModelResponseSchema.Organisations, MaxNames),
        ThreatActors = Items(given, ModelResponseSchema.ThreatActors, MaxNames),
        People = Items(given, ModelResponseSchema.People, MaxNames),
        Places = Items(given, ModelResponseSchema.Places, MaxNames),
    };

    private static Dictionary<string, double> Confidences(JsonElement given, SpecialistCatalogue catalogue)
    {
        Dictionary<string, double> confidences = new(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty property in given.EnumerateObject())
        {
            if (catalogue.Find(property.Name) is not { } specialist)
            {
                throw new FormatException($"{ModelResponseSchema.Confidences} names a specialist that is not in the catalogue");
            }

            double confidence = property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetDouble(out double value)
                && value is >= 0 and <= 1
                    ? value
                    : throw new FormatException($"{ModelResponseSchema.Confidences}.{specialist.Label} is not a number from 0 to 1");
            if (!confidences.TryAdd(specialist.Label, confidence))
            {
                throw new FormatException($"{ModelResponseSchema.Confidences}.{specialist.Label} is given twice");
            }
        }

        return catalogue.Specialists.FirstOrDefault(s => !confidences.ContainsKey(s.Label)) is { } missing
            ? throw new FormatException($"{ModelResponseSchema.Confidences}.{missing.Label} is missing")
            : confidences;
    }

    private static JsonElement Member(JsonElement root, string name, JsonValueKind kind) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement member) && member.ValueKind == kind
            ? member
            : throw new FormatException($"{name} is missing or of the wrong kind");

    private static string Text(JsonElement root, string name) => StringOf(Member(root, name, JsonValueKind.String), name);

    private static string[] Items(JsonElement root, string name, int most) =>
        [.. Member(root, name, JsonValueKind.Array).EnumerateArray().Take(most).Select(item => Cut(StringOf(item, name), MaxItem))
            .Where(text => text.Length > 0)];

    private static string StringOf(JsonElement element, string name)
    {
        try
        {
            return element.GetString()?.Trim() ?? string.Empty;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"{name} holds something that is no text");
        }
    }

    private static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
