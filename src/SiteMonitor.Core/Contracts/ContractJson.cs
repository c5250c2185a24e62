using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SiteMonitor.Core.Contracts;

/// <summary>Serializes requests and responses: camel case, dates ISO 8601, unknown members ignored.</summary>
/// <remarks>Members with a default have setters: a source-generated reader does not keep the default of an <c>init</c> member.</remarks>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchResponse))]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandResponse))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(DoctorRequest))]
[JsonSerializable(typeof(DryRunPlan))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(IssueStatus))]
[JsonSerializable(typeof(PipelineRequest))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(IReadOnlyList<ActiveRun>))]
[JsonSerializable(typeof(RunDetail))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(RunProgress))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(IReadOnlyList<RunSummary>))]
[JsonSerializable(typeof(StartResponse))]
[JsonSerializable(typeof(WebhookResponse))]
public sealed partial class ContractJson : JsonSerializerContext
{
    /// <summary>Returns the metadata of a contract.</summary>
    public JsonTypeInfo<T> Of<T>() => GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new NotSupportedException($"{typeof(T).Name} is not a contract: add it to {nameof(ContractJson)}.");
}
