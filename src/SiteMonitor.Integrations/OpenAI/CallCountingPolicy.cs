using System.ClientModel.Primitives;
using SiteMonitor.Core.Metering;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Counts each request to the model as it is sent, further tries included.</summary>
internal sealed class CallCountingPolicy : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        CallMeter.Add(new Usage { ModelCalls = 1 });
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        CallMeter.Add(new Usage { ModelCalls = 1 });
        return ProcessNextAsync(message, pipeline, currentIndex);
    }
}
