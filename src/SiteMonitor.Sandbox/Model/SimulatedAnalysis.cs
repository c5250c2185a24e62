using System.Text.RegularExpressions;

namespace SiteMonitor.Sandbox.Model;

/// <summary>The simulated model's judgement of a finding; the same text always has the same judgement.</summary>
internal sealed partial class SimulatedAnalysis
{
    // By number of ideas found. With the product's thresholds, three ideas assign, two ask for a review, fewer for clarification.
    private static readonly double[] ConfidenceByIdeas = [0.08, 0.35, 0.75, 0.84, 0.9, 0.95];
    private static readonly string[] Critical =
    [
        "critical", "ransomware", "actively exploited", "zero-day", "kritisch", "critique", "crítico", "критическ", "重大", "严重", "حرج",
    ];
    private static readonly string[] High =
    [
        "urgent", "exploit", "breach", "leak", "dringend", "fuite", "filtración", "утечка", "緊急", "紧急", "泄露", "عاجل",
    ];
    private static readonly string[] Low = ["typo", "minor", "cosmetic", "informational"];

    private readonly Concepts _concepts;
    private readonly FindingText _text;
    private readonly bool _obeys;

    public SimulatedAnalysis(Concepts concepts, string prompt, bool obeysInjections)
    {
        _concepts = concepts;
        _text = FindingText.Of(prompt);
        _obeys = obeysInjections && _text.Injected.Length > 0;
        Names = new SimulatedNameExtractor(_text, obeysInjections);
    }

    public SimulatedNameExtractor Names { get; }

    public string Summary
    {
        get
        {
            string text = _obeys ? _text.Injected : Spaces().Replace(_text.Content, " ").Trim();
            return text.Length switch
            {
                0 => "The finding has no text.",
                > 240 => text[..(char.IsHighSurrogate(text[239]) ? 239 : 240)],
                _ => text,
            };
        }
    }

    public string Urgency => Any(Critical) ? "critical" : Any(High) ? "high" : Any(Low) ? "low" : "medium";

    public IReadOnlyList<string> Indicators =>
        [.. Indicator().Matches(_text.Content).Select(m => m.Value.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Take(10)];

    public IReadOnlyList<string> Topics =>
    [
        .. Word().Matches(_text.Content)
            .Select(m => m.Value.ToLowerInvariant())
            .GroupBy(w => w, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Take(5)
            .Select(g => g.Key),
    ];

    public double Confidence(string specialist) =>
        _obeys ? 1 : ConfidenceByIdeas[Math.Min(_concepts.Count(specialist, _text.Content), ConfidenceByIdeas.Length - 1)];

    /// <summary>Returns the value with the most words in the text; the last one if none has any.</summary>
    public string Pick(IReadOnlyList<string> values)
    {
        string best = values.MaxBy(v => v.Split('-', '_', ' ').Count(w => w.Length > 2 && Concepts.Has(_text.Content, w)))!;
        return best.Split('-', '_', ' ').Any(w => w.Length > 2 && Concepts.Has(_text.Content, w)) ? best : values[^1];
    }

    private bool Any(string[] words) => words.Any(w => Concepts.Has(_text.Content, w));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"CVE-\d{4}-\d{4,7}|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b[a-f0-9]{32,64}\b|"
        + @"\b[a-z0-9-]+(?:\[?\.\]?[a-z0-9-]+)*\[?\.\]?(?:com|net|org|io|info|ru|cn|example|test)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Indicator();

    [GeneratedRegex(@"\p{L}{5,}")]
    private static partial Regex Word();
}
