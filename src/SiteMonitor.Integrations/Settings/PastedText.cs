using System.Globalization;

namespace SiteMonitor.Integrations.Settings;

/// <summary>Detects what is easily pasted into a setting together with its value.</summary>
internal static class PastedText
{
    private const string Quotes = "\"'`´“”„‟‘’‚‛«»‹›";

    /// <summary>Returns what a value begins or ends with, or contains, that probably does not belong to it; null if nothing.</summary>
    public static string? FindFault(string value) => value switch
    {
        [var first, .., var last] when Quotes.Contains(first) && Quotes.Contains(last) => "begins and ends with quotes",
        [var first, ..] when Quotes.Contains(first) => "begins with a quote",
        [.., var last] when Quotes.Contains(last) => "ends with a quote",
        _ when value.EndsWith("\\n", StringComparison.Ordinal) || value.EndsWith("\\r", StringComparison.Ordinal) =>
            "ends with a line end that is written out",
        _ when value.Any(IsInvisible) => "contains line ends or invisible characters",
        _ => null,
    };

    /// <summary>Whether a token, key or id has a character that none ever has.</summary>
    public static bool HasForeignCharacters(string value) => value.Any(c => c is <= ' ' or > '~' || Quotes.Contains(c));

    private static bool IsInvisible(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator || (c != ' ' && char.IsWhiteSpace(c));
}
