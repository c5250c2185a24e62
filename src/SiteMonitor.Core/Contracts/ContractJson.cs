using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SiteMonitor.Core.Contracts;

/// <summary>
/// How requests and answers are written: camel case, dates ISO 8601, unknown members ignored. By reflection: the source generator
/// sets every <c>init</c> member it does not find to null or zero, so the contracts' defaults would be lost.
/// </summary>
public sealed class ContractJson
{
    private ContractJson()
    {
    }

    public static ContractJson Default { get; } = new();

    public JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    public JsonTypeInfo<PipelineRequest> PipelineRequest => Of<PipelineRequest>();

    public JsonTypeInfo<BatchRequest> BatchRequest => Of<BatchRequest>();

    public JsonTypeInfo<StartResponse> StartResponse => Of<StartResponse>();

    public JsonTypeInfo<BatchResponse> BatchResponse => Of<BatchResponse>();

    public JsonTypeInfo<IssueStatus> IssueStatus => Of<IssueStatus>();

    public JsonTypeInfo<WebhookResponse> WebhookResponse => Of<WebhookResponse>();

    public JsonTypeInfo<HealthReport> HealthReport => Of<HealthReport>();

    public JsonTypeInfo<Problem> Problem => Of<Problem>();

    /// <summary>Any other contract.</summary>
    public JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
