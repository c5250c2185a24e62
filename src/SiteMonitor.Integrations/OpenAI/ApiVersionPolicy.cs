using System.ClientModel.Primitives;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Asks for another version of the service's API than the newest the client (2.1.0) knows by name.</summary>
internal sealed class ApiVersionPolicy(string version) : PipelinePolicy
{
    private const string Parameter = "api-version=";

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Exchange(message);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Exchange(message);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Exchange(PipelineMessage message)
    {
        UriBuilder address = new(message.Request.Uri!);
        IEnumerable<string> others = address.Query.TrimStart('?').Split('&').Where(p => !p.StartsWith(Parameter, StringComparison.OrdinalIgnoreCase));
        address.Query = string.Join('&', others.Append(Parameter + version).Where(p => p.Length > 0));
        message.Request.Uri = address.Uri;
    }
}
