using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Makes text that derives from an issue harmless before it goes into anything we sign. Only letters, digits, spaces and a little punctuation stay, on one line:
/// so there is nothing left that mentions, references, closes, links, formats, hides or breaks out.
/// </summary>
public static partial class TextSanitizer
{
    private const string Cut = "…";

    // Not among them: @ # < > [ ] { } ` * _ ~ | \ ^ $ =, nor anything invisible.
    private static readonly SearchValues<char> Kept = SearchValues.Create(".,:;'\"()/&+-%!?–—…’‘“”«»·、。・「」《》");

    /// <param name="text">Anything at all.</param>
    /// <param name="maxLength">In UTF-16 units, the sign for what was cut included.</param>
    public static string SanitizeLine(string text, int maxLength)
    {
        // What is cut cannot matter: look at no more than could survive, so that huge texts cost nothing.
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, maxLength * 8));
        StringBuilder plain = new(Math.Min(head.Length, maxLength + 16));
        foreach (Rune rune in head.EnumerateRunes())
        {
            Append(plain, rune);
        }

        string line = string.Join(' ', Unlink(plain.ToString()).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return Truncate(line, maxLength);
    }

    /// <summary>Cuts at a whole character.</summary>
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
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ModifierLetter => true,
        _ => rune.IsBmp && Kept.Contains((char)rune.Value),
    };

    // Dropped without a space, so that a word with a zero-width character in it is one word again.
    private static bool IsInvisible(Rune rune) =>
        rune.Value is not ('\t' or '\n' or '\r' or 0x85)
        && (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            || IsVariationSelector(rune)
            || rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0);

    private static bool IsVariationSelector(Rune rune) => rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180F) or 0x034F;

    /// <summary>
    /// Addresses lose what makes viewers link them (the scheme, the dot behind <c>www</c>), <c>GH-12</c> what makes it a reference, and <c>&amp;commat;</c> what makes Markdown
    /// read it as the sign it names.
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
