using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Sanitizes text that derives from an issue before it is put into our own texts. Only letters, digits, spaces and some punctuation
/// stay, on one line, so that nothing mentions, references, closes, links, formats, hides or ends a quotation.
/// </summary>
public static partial class TextSanitizer
{
    private const string Cut = "…";

    // Without @ # < > [ ] { } ` * _ ~ | \ ^ $ = and invisible characters.
    private static readonly SearchValues<char> Kept = SearchValues.Create(".,:;'\"()/&+-%!?–—…’‘“”«»·、。・「」《》");

    /// <summary>Returns the text as one harmless line.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">Maximum length in UTF-16 units, the ellipsis included.</param>
    public static string SanitizeLine(string text, int maxLength)
    {
        // A bounded prefix is enough, so that huge texts cost nothing.
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, maxLength * 8));
        StringBuilder plain = new(Math.Min(head.Length, maxLength + 16));
        foreach (Rune rune in head.EnumerateRunes())
        {
            Append(plain, rune);
        }

        string line = string.Join(' ', Unlink(plain.ToString()).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return Truncate(line, maxLength);
    }

    /// <summary>Shortens a text at a whole character, with an ellipsis.</summary>
    internal static string Truncate(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        int length = Math.Max(0, maxLength - Cut.Length);
        length -= length > 0 && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        return text[..length].TrimEnd() + Cut;
    }

    private static void Append(StringBuilder plain, Rune rune)
    {
        if (IsInvisible(rune))
        {
            return;
        }

        if (IsKept(rune))
        {
            plain.Append(rune.ToString());
        }
        else if (plain.Length > 0 && plain[^1] != ' ')
        {
            plain.Append(' ');
        }
    }

    private static bool IsKept(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.OtherLetter =>
            true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.ModifierLetter => true,
        _ => rune.IsBmp && Kept.Contains((char)rune.Value),
    };

    // Removed without a space, so that a word with a zero-width character in it becomes one word.
    private static bool IsInvisible(Rune rune) =>
        rune.Value is not ('\t' or '\n' or '\r' or 0x85)
        && (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate
            || IsVariationSelector(rune)
            || rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0);

    private static bool IsVariationSelector(Rune rune) =>
        rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180F) or 0x034F;

    /// <summary>
    /// Removes what makes a link of an address (the scheme, the dot after <c>www</c>), a reference of <c>GH-12</c> and a character of
    /// an entity such as <c>&amp;commat;</c>.
    /// </summary>
    private static string Unlink(string line) => Entity().Replace(line, "& ")
        .Replace("://", " ", StringComparison.Ordinal)
        .Replace("www.", "www ", StringComparison.OrdinalIgnoreCase)
        .Replace("mailto:", "mailto ", StringComparison.OrdinalIgnoreCase)
        .Replace("xmpp:", "xmpp ", StringComparison.OrdinalIgnoreCase)
        .Replace("GH-", "GH ", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("&(?=[A-Za-z][A-Za-z0-9]*;)", RegexOptions.CultureInvariant)]
    private static partial Regex Entity();
}
