using System.Text.Json.Nodes;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.OpenAI;

/// <summary>Answers as Azure OpenAI words them.</summary>
internal static class ChatJson
{
    public const string Answer =
        """{"summary":"A report.","key_topics":["apt"],"confidences":{"intelligence-analyst":0.91,"osint-researcher":0},"technical_indicators":["example.com"],"urgency":"high","content_type":"threat-report","named_entities":{"organisations":["Contoso Ltd"],"threat_actors":[],"people":[],"places":[]}}""";

    public static FakeResponse Completion(string? content = Answer, string finish = "stop", string? refusal = null, int prompt = 1000, int cached = 0, int completion = 200) => FakeResponse.Ok(new JsonObject
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion",
        ["created"] = 1767225600,
        ["model"] = "gpt-5.4-mini-2026-03-17",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0, ["finish_reason"] = finish, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = refusal },
        }),
        ["usage"] = new JsonObject
        {
            ["prompt_tokens"] = prompt, ["completion_tokens"] = completion, ["total_tokens"] = prompt + completion,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = cached },
        },
    });

    public static FakeResponse Error(int status, string code) => new(status, $$"""{"error":{"code":"{{code}}","message":"words of the service"} }""");
}
