using System.Globalization;

namespace SiteMonitor.Core.Preparation;

/// <summary>Splits a text into words in one pass.</summary>
internal static class WordSplitter
{
    private const int MaxGap = 3;
    private const int MaxWord = 60;
    private const string FullStop = ".";

    /// <param name="abbreviations">Words whose dot does not end a sentence.</param>
    public static List<Word> Split(string text, IReadOnlySet<string> abbreviations)
    {
        List<Word> words = [];
        int at = 0;
        int gapStart = 0;
        while (at < text.Length)
        {
            if (!IsWordStart(text[at]))
            {
                at++;
                continue;
            }

            int end = EndOf(text, at);
            if (end - at <= MaxWord)
            {
                string before = words.Count == 0 ? FullStop : Gap(text.AsSpan(gapStart, at - gapStart), words[^1].Text, abbreviations);
                words.Add(new Word(text[at..end], before));
            }

            at = end;
            gapStart = end;
        }

        return words;
    }

    private static int EndOf(string text, int at)
    {
        while (at < text.Length && (IsWordPart(text[at]) || (IsJoint(text[at]) && at + 1 < text.Length && char.IsLetter(text[at + 1]))))
        {
            at++;
        }

        return at;
    }

    private static string Gap(ReadOnlySpan<char> gap, string before, IReadOnlySet<string> abbreviations)
    {
        if (gap is ". " && abbreviations.Contains(before))
        {
            return " ";
        }

        return gap.Length > MaxGap || gap.ContainsAny('\n', '\r') ? FullStop : gap.ToString();
    }

    private static bool IsWordStart(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c);

    private static bool IsWordPart(char c) =>
        char.IsLetterOrDigit(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || c == '$';

    private static bool IsJoint(char c) => c is '\'' or '’' or '.' or '&';
}

/// <summary>A word of a text.</summary>
/// <param name="Text">The word as written.</param>
/// <param name="Gap">The text between it and the word before it; more than three characters, or a line end, count as a full stop.</param>
internal readonly record struct Word(string Text, string Gap)
{
    public bool IsCapitalised => char.IsUpper(Text[0]);

    /// <summary>Whether only a space or a hyphen is between it and the word before it.</summary>
    public bool Follows => Gap is " " or "-";
}
