using System.ClientModel;
using System.Text.Json;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Recognizes errors caused by the text. Anybody can cause them, so they never count as failures.</summary>
/// <remarks>
/// Names seen in Azure OpenAI's API specification (<c>innererror.code</c>), OpenAI's API reference and the error handling of public
/// clients: PyRIT, LiteLLM, inspect_ai and Codex. Gateways nest the service's error within their own, so it is looked for at every depth.
/// </remarks>
internal static class ModelRefusal
{
    private const int MaxBodyLength = 1024 * 1024;

    /// <summary>Without separators and in lower case, because services spell them differently.</summary>
    private static readonly HashSet<string> FilterCodes = new(StringComparer.Ordinal)
    {
        "contentfilter", "contentfiltered", "contentfiltererror", "responsibleaipolicyviolation", "contentpolicyviolation",
        "contentpolicyviolationerror",
        "contentmanagementpolicy", "invalidprompt", "promptblocked", "moderationblocked", "contentmoderation", "moderation", "jailbreak",
        "indirectattack",
        "safetyviolation", "safetyerror", "policyviolation", "usagepolicyviolation", "unsafecontent", "inputblocked",
        "cyberpolicy", "cyberpolicyviolation", "biopolicy", "biopolicyviolation", "guardrailintervened",
    };

    private static readonly HashSet<string> LengthCodes = new(StringComparer.Ordinal)
    {
        "contextlengthexceeded", "contextwindowexceeded", "contextwindowexceedederror", "stringabovemaxlength", "arrayabovemaxlength",
        "inputtoolong", "prompttoolong",
        "maxtokensexceeded", "requesttoolarge",
    };

    private static readonly string[] FilterPhrases =
    [
        "content management policy", "content filter", "content policy", "usage policy", "usage policies", "flagged as potentially",
        "flagged for potentially",
        "for safety reasons", "safety system", "responsible ai", "responsibleaipolicy",
    ];

    private static readonly string[] LengthPhrases = ["maximum context length", "context window", "input is too long",
        "too many tokens in the prompt"];

    /// <summary>Describes how the text caused the error; null if it has another cause.</summary>
    public static string? Describe(ClientResultException error)
    {
        if (error.Status is < 400 or >= 500 or 401 or 404 or 429 || error.GetRawResponse() is not { } response)
        {
            return null;
        }

        BinaryData body = response.Content;
        return body.ToMemory().Length > MaxBodyLength ? null : Describe(body.ToMemory());
    }

    private static string? Describe(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            Traits traits = new();
            Collect(document.RootElement, name: string.Empty, traits);
            return traits.IsFiltered ? "The content filter of Azure OpenAI refused the issue's text."
                : traits.IsTooLong ? "The issue's text is too long for the model."
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Collect(JsonElement element, string name, Traits traits)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    // Where the service blames a content filter, it lists the categories; one of them says that it filtered.
                    string member = Normalize(property.Name);
                    traits.IsFiltered |= member == "filtered" && property.Value.ValueKind == JsonValueKind.True;
                    Collect(property.Value, member, traits);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Collect(item, name, traits);
                }

                break;
            case JsonValueKind.String:
                CollectText(element, name, traits);
                break;
        }
    }

    private static void CollectText(JsonElement element, string name, Traits traits)
    {
        bool isProse = name is "message" or "msg" or "detail" or "details" or "error" or "errors" or "title" or "description";
        if (!isProse && name is not ("code" or "errorcode" or "type" or "errortype" or "reason" or "finishreason" or "status"))
        {
            return;
        }

        // A gateway may have put the service's whole answer into a text.
        string text = element.GetRawText().Trim('"').Replace('_', ' ').Replace('-', ' ');
        string code = Normalize(text);
        traits.IsFiltered |= FilterCodes.Contains(code) || (isProse && ContainsAny(text, FilterPhrases));
        traits.IsTooLong |= LengthCodes.Contains(code) || (isProse && ContainsAny(text, LengthPhrases));
    }

    /// <summary>Leaves out what services spell differently: case and separators.</summary>
    private static string Normalize(string name) =>
        string.Concat(name.Where(c => c is not ('_' or '-' or ' ' or '.'))).ToLowerInvariant();

    private static bool ContainsAny(string text, string[] phrases) =>
        phrases.Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private sealed class Traits
    {
        public bool IsFiltered { get; set; }

        public bool IsTooLong { get; set; }
    }
}
