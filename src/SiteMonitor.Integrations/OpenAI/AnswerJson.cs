using System.Text.Json.Serialization;
using SiteMonitor.Core.Analysis;

namespace SiteMonitor.Integrations.OpenAI;

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ModelAnalysis))]
internal sealed partial class ModelResponseJson : JsonSerializerContext;
