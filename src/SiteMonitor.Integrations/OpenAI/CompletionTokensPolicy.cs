using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Names the limit on an answer's length as models that reason want it. The client's own switch for it (2.1.0) fails with an <see cref="ArgumentNullException"/>.</summary>
internal sealed class CompletionTokensPolicy : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        using MemoryStream body = new();
        message.Request.Content?.WriteTo(body, message.CancellationToken);
        Rename(message, body);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        using MemoryStream body = new();
        if (message.Request.Content is { } content)
        {
            await content.WriteToAsync(body, message.CancellationToken);
        }

        Rename(message, body);
        await ProcessNextAsync(message, pipeline, currentIndex);
    }

    private static void Rename(PipelineMessage message, MemoryStream body)
    {
        if (body.Length > 0 && JsonNode.Parse(body.ToArray()) is JsonObject request && request.Remove("max_tokens", out JsonNode? limit))
        {
            request["max_completion_tokens"] = limit;
            message.Request.Content = BinaryContent.Create(BinaryData.FromString(request.ToJsonString()));
        }
    }
}
