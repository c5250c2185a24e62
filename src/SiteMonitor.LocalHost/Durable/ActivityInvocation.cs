using Microsoft.DurableTask;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>One run of an activity. The same <see cref="TaskId"/> may run more than once: at least once is what is promised.</summary>
/// <param name="TaskId">The number the orchestrator gave to the call, unique within one execution of the instance.</param>
public sealed record ActivityInvocation(string InstanceId, string Name, int TaskId, string? SerializedInput, DataConverter Converter)
{
    /// <exception cref="System.Text.Json.JsonException">The input is not a <paramref name="type"/>.</exception>
    public object? GetInput(Type type) => Converter.Deserialize(SerializedInput, type);
}
