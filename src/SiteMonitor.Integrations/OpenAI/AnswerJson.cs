using System.Text.Json.Serialization;
using SiteMonitor.Core.Analysis;

namespace SiteMonitor.Integrations.OpenAI;

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ModelAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
