using System.Text.Json;
using System.Text.RegularExpressions;

namespace SiteMonitor.Sandbox.Model;

/// <summary>The text of a finding, divided into its content and sentences that address the model.</summary>
internal sealed partial record FindingText(string Content, string Injected)
{
    /// <param name="prompt">The user messages; an issue in them may be a JSON object.</param>
    public static FindingText Of(string prompt)
    {
        string text = Unwrap(prompt);
        List<string> content = [];
        List<string> injected = [];
        foreach (string sentence in Sentence().Split(text))
        {
            (AddressesModel().IsMatch(sentence) ? injected : content).Add(sentence);
        }

        return new FindingText(string.Join('\n', content), string.Join(' ', injected).Trim());
    }

    private static string Unwrap(string prompt)
    {
        int from = prompt.IndexOf('{', StringComparison.Ordinal);
        int to = prompt.LastIndexOf('}');
        if (from < 0 || to < from)
        {
            return prompt;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(prompt.AsMemory(from..(to + 1)));
            return string.Join('\n', Texts(json.RootElement));
        }
        catch (JsonException)
        {
            return prompt;
        }
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Texts(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    [GeneratedRegex(@"[\r\n]+|(?<=[.!?。！？])\s+")]
    private static partial Regex Sentence();

    [GeneratedRegex(
        @"ignore\s+(all|any|the|your|previous|prior|every)|disregard\s|system\s*(prompt|message|:)|<\|?\s*(im_start|system)|you\s+are\s+now|"
        + @"you\s+must\s+(now\s+)?(answer|assign|respond|return|set)|as\s+an\s+ai|confidence""?\s*(of|to|=|:)|"
        + @"respond\s+(only\s+)?with|new\s+instructions|developer\s+mode|"
        + @"ignoriere\s+alle|ignorez\s+|ignora\s+(todas|las)|忽略|無視して|игнорируй",
        RegexOptions.IgnoreCase)]
    private static partial Regex AddressesModel();
}
