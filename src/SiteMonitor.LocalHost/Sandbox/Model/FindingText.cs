using System.Text.RegularExpressions;

namespace SiteMonitor.LocalHost.Sandbox.Model;

/// <summary>A finding's text, taken apart into what describes it and what talks to the model.</summary>
internal sealed partial record FindingText(string Content, string Injected)
{
    public static FindingText Of(string text)
    {
        List<string> content = [];
        List<string> injected = [];
        foreach (string sentence in Sentence().Split(text))
        {
            (TalksToModel().IsMatch(sentence) ? injected : content).Add(sentence);
        }

        return new FindingText(string.Join('\n', content), string.Join(' ', injected).Trim());
    }

    [GeneratedRegex(@"[\r\n]+|(?<=[.!?。！？])\s+")]
    private static partial Regex Sentence();

    [GeneratedRegex(
        @"ignore\s+(all|any|the|your|previous|prior|every)|disregard\s|system\s*(prompt|message|:)|<\|?\s*(im_start|system)|you\s+are\s+now|you\s+must\s+(now\s+)?(answer|assign|respond|return|set)|as\s+an\s+ai|confidence""?\s*(of|to|=|:)|"
        + @"respond\s+(only\s+)?with|new\s+instructions|developer\s+mode|ignoriere\s+alle|ignorez\s+|ignora\s+(todas|las)|忽略|無視して|игнорируй",
        RegexOptions.IgnoreCase)]
    private static partial Regex TalksToModel();
}
