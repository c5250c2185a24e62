using System.Text.Json;
using System.Text.Json.Serialization;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Reads cached responses, also those that older versions wrote, which have no names.</summary>
internal static class CachedModelResponse
{
    /// <summary>Returns null if the entry is damaged or belongs to another catalogue; the model is then asked again.</summary>
    public static ModelAnalysis? Read(string json, SpecialistCatalogue catalogue)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ModelResponseJson.Default.ModelAnalysis) is { Confidences: { } confidences } answer
                && confidences.Count == catalogue.Specialists.Count
                && catalogue.Specialists.All(s => confidences.ContainsKey(s.Label))
                    ? answer
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ModelAnalysis))]
internal sealed partial class ModelResponseJson : JsonSerializerContext;
