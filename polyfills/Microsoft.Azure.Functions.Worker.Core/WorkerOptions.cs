using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

public class WorkerOptions
{
    /// <summary>What reads and writes the JSON of bindings.</summary>
    public ObjectSerializer? Serializer { get; set; }
}
