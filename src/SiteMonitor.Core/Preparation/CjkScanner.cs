namespace SiteMonitor.Core.Preparation;

/// <summary>Finds names in scripts written without spaces (Chinese, Japanese, Korean) by the words next to them.</summary>
internal static class CjkScanner
{
    private const int MaxName = 12;
    private const int MinPerson = 2;
    private const int MaxPerson = 4;

    // Particles next to a name that are not part of it.
    private const string Particles = "的在和与與对對向及是为為被由从從将將";

    public static IEnumerable<string> FindOrganisations(string text, EntityLexicon lexicon)
    {
        foreach (string ending in lexicon.CjkOrganisationEndings)
        {
            foreach (int at in Occurrences(text, ending))
            {
                int start = FindNameStart(text, at, MaxName, IsName);
                if (at - start >= 2)
                {
                    yield return text[start..(at + ending.Length)];
                }
            }
        }

        foreach (string head in lexicon.CjkOrganisationHeads)
        {
            foreach (int at in Occurrences(text, head).Where(at => at == 0 || !IsName(text[at - 1])))
            {
                int end = at + head.Length;
                while (end < text.Length && end - at - head.Length < MaxName && IsName(text[end]))
                {
                    end++;
                }

                if (end - at - head.Length >= 2)
                {
                    yield return text[at..end];
                }
            }
        }
    }

    /// <summary>Finds places in scripts without capitals.</summary>
    public static IEnumerable<string> FindPlaces(string text, EntityLexicon lexicon) =>
        lexicon.UncasedPlaces
            .Select(place => (Name: place, At: text.IndexOf(place, StringComparison.Ordinal)))
            .Where(found => found.At >= 0)
            .OrderBy(found => found.At)
            .Select(found => found.Name);

    public static IEnumerable<string> FindPeople(string text, EntityLexicon lexicon)
    {
        foreach (string honorific in lexicon.CjkHonorifics)
        {
            foreach (int at in Occurrences(text, honorific))
            {
                int start = FindNameStart(text, at, MaxPerson,
                    c => (IsHan(c) || IsHangul(c)) && !Particles.Contains(c, StringComparison.Ordinal));
                if (at - start >= MinPerson)
                {
                    yield return text[start..at];
                }
            }
        }
    }

    private static IEnumerable<int> Occurrences(string text, string word)
    {
        for (int at = 0; (at = text.IndexOf(word, at, StringComparison.Ordinal)) >= 0; at += word.Length)
        {
            yield return at;
        }
    }

    private static int FindNameStart(string text, int from, int most, Func<char, bool> belongs)
    {
        int start = from;
        while (start > 0 && from - start < most && belongs(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static bool IsName(char c) =>
        (IsHan(c) || IsKatakana(c) || IsHangul(c) || char.IsAsciiLetterOrDigit(c)) && !Particles.Contains(c, StringComparison.Ordinal);

    private static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF' or '々';

    private static bool IsKatakana(char c) => c is >= '\u30A1' and <= '\u30FC';

    private static bool IsHangul(char c) => c is >= '\uAC00' and <= '\uD7A3';
}
