using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Http;

namespace SiteMonitor.Sandbox.Model;

/// <summary>Azure OpenAI's chat completions, answered by <see cref="SimulatedAnalysis"/>.</summary>
internal sealed class ChatEndpoint(
    SandboxOptions options, FaultInjector faults, RequestHooks hooks, RequestCounters counters, SandboxSwitches switches)
{
    private const int CharactersPerToken = 4;
    private const int MaxRequestBody = 4 * 1024 * 1024;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<Concepts> _concepts = new(Concepts.Load);

    public async Task HandleAsync(HttpContext http)
    {
        counters.Update(s => s with { ModelRequests = s.ModelRequests + 1 });
        HashSet<string> tags = RequestMatch.Tags(["model"]);
        await hooks.RunBeforeAsync(tags, http.RequestAborted);
        byte[] body = await ReadAsync(http);
        FaultRule? fault = faults.Next(tags, Encoding.UTF8.GetString(body));
        if (fault is not null)
        {
            counters.Update(s => s with { FaultsInjected = s.FaultsInjected + 1 });
        }

        TimeSpan wait = options.Latency.Model + (
            fault?.Effect == FaultEffect.Slow ? TimeSpan.FromMilliseconds(fault.DelayMs) : TimeSpan.Zero);
        await Task.Delay(wait, TimeProvider.System, http.RequestAborted);
        if (fault?.Effect == FaultEffect.Timeout)
        {
            await Task.Delay(
                fault.DelayMs > 0
                    ? TimeSpan.FromMilliseconds(fault.DelayMs)
                    : TimeSpan.FromMinutes(2), TimeProvider.System, http.RequestAborted);
        }

        if (fault?.Effect is FaultEffect.Timeout or FaultEffect.Reset)
        {
            http.Abort();
            return;
        }

        SimulatedResponse reply = ModelErrorResponses.Of(fault) ?? SignInProblem(http) ?? Answer(body, fault?.Effect);
        await SendAsync(http, reply);
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        using MemoryStream buffer = new();
        byte[] chunk = new byte[16384];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0 && buffer.Length < MaxRequestBody)
        {
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static async Task SendAsync(HttpContext http, SimulatedResponse reply)
    {
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.ContentType;
        http.Response.Headers["apim-request-id"] = Guid.NewGuid().ToString();
        foreach ((string name, string value) in reply.Headers)
        {
            http.Response.Headers[name] = value;
        }

        http.Response.ContentLength = reply.Body.Length;
        await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }

    private SimulatedResponse? SignInProblem(HttpContext http)
    {
        bool hasKey = http.Request.Headers["api-key"] == options.Credentials.ModelApiKey;
        bool hasToken = http.Request.Headers.Authorization.ToString() is { Length: > 7 } header
            && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
        if (!hasKey && !hasToken)
        {
            return ModelErrorResponses.Error(
                401, "401",
                "Access denied due to invalid subscription key or wrong API endpoint. "
                + "Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.");
        }

        if (string.IsNullOrEmpty(http.Request.Query["api-version"]))
        {
            return ModelErrorResponses.Error(404, "404", "Resource not found");
        }

        return (string?)http.Request.RouteValues["deployment"] == options.Credentials.ModelDeployment
            ? null
            : ModelErrorResponses.Error(
                404, "DeploymentNotFound",
                "The API deployment for this resource does not exist. "
                + "If you created the deployment within the last 5 minutes, please wait a moment and try again.");
    }

    private SimulatedResponse Answer(byte[] body, FaultEffect? effect)
    {
        JsonObject request;
        try
        {
            request = JsonNode.Parse(body) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException)
        {
            return ModelErrorResponses.Invalid("We could not parse the JSON body of your request.", null);
        }

        if (request["messages"] is not JsonArray { Count: > 0 } messages)
        {
            return ModelErrorResponses.Invalid("'messages' is a required property", "messages");
        }

        JsonElement? schema = null;
        if (request["response_format"] is JsonObject format && (string?)format["type"] == "json_schema")
        {
            string name = (string?)format["json_schema"]?["name"] ?? "";
            schema = JsonSerializer.SerializeToElement(format["json_schema"]?["schema"]);
            if ((bool?)format["json_schema"]?["strict"] == true && StrictSchema.Problem(schema.Value) is { } problem)
            {
                return ModelErrorResponses.Invalid($"Invalid schema for response_format '{name}': {problem}", "response_format");
            }
        }

        return Answer(request, messages, schema, effect);
    }

    private SimulatedResponse Answer(JsonObject request, JsonArray messages, JsonElement? schema, FaultEffect? effect)
    {
        ModelBehaviour behaviour = effect switch
        {
            FaultEffect.ModelRefusal => ModelBehaviour.Refuses,
            FaultEffect.ModelMalformed => ModelBehaviour.Malformed,
            FaultEffect.ModelLength => ModelBehaviour.Truncated,
            FaultEffect.ModelFiltered => ModelBehaviour.Filtered,
            _ => switches.Model,
        };
        if (effect is FaultEffect.ModelInvalidPrompt)
        {
            return ModelErrorResponses.InvalidPrompt();
        }

        if (effect is FaultEffect.ModelFilteredInside)
        {
            return ModelErrorResponses.Filtered(code: null);
        }

        if (behaviour == ModelBehaviour.Filtered)
        {
            return ModelErrorResponses.Filtered();
        }

        SimulatedAnalysis judgement = new(_concepts.Value, Prompt(messages), behaviour == ModelBehaviour.Fooled);
        string content = schema is { } shape ? new SchemaFiller(judgement).Fill(shape)!.ToJsonString(Readable) : judgement.Summary;
        string finish = "stop";
        int? longest = (int?)request["max_completion_tokens"] ?? (int?)request["max_tokens"];
        if (behaviour == ModelBehaviour.Truncated || Tokens(content) > longest)
        {
            content = content[..Math.Min(content.Length / 2, (longest ?? int.MaxValue / CharactersPerToken) * CharactersPerToken)];
            finish = "length";
        }

        if (behaviour == ModelBehaviour.Malformed)
        {
            content = $"Sure! Here is the analysis you asked for: {content[..(content.Length / 2)]}";
        }

        bool refuses = behaviour == ModelBehaviour.Refuses;
        return Completion(messages, refuses ? null : content, refuses ? "I'm sorry, I can't assist with that request." : null, finish);
    }

    private SimulatedResponse Completion(JsonArray messages, string? content, string? refusal, string finish)
    {
        int prompt = messages.Sum(m => Tokens(Text(m)) + 4);
        int completion = Tokens(content ?? refusal ?? "");
        counters.Update(s => s with
        {
            ModelPromptTokens = s.ModelPromptTokens + prompt,
            ModelCompletionTokens = s.ModelCompletionTokens + completion,
        });
        return SimulatedResponse.Of(new JsonObject
        {
            ["id"] = $"chatcmpl-{Guid.NewGuid():N}",
            ["object"] = "chat.completion",
            ["created"] = options.Time.GetUtcNow().ToUnixTimeSeconds(),
            ["model"] = "gpt-5.4-mini-2026-03-17",
            ["system_fingerprint"] = "fp_sandbox",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["finish_reason"] = finish,
                ["logprobs"] = null,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = refusal },
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = prompt,
                ["completion_tokens"] = completion,
                ["total_tokens"] = prompt + completion,
            },
        }) with
        {
            Headers = new Dictionary<string, string>
            {
                ["x-ratelimit-remaining-requests"] = "999",
                ["x-ratelimit-remaining-tokens"] = "99999",
                ["x-ms-region"] = "Sandbox",
            },
        };
    }

    /// <summary>Returns the text of the user messages; catalogue and rules are in the system message.</summary>
    private static string Prompt(JsonArray messages)
    {
        StringBuilder text = new();
        foreach (JsonNode? message in messages.Where(m => (string?)m?["role"] == "user"))
        {
            text.AppendLine(Text(message));
        }

        return text.ToString();
    }

    private static string Text(JsonNode? message) => message?["content"] switch
    {
        JsonArray parts => string.Concat(parts.Select(p => (string?)p?["text"])),
        JsonValue value => value.ToString(),
        _ => "",
    };

    private static int Tokens(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
