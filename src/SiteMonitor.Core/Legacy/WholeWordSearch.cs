namespace SiteMonitor.Core.Legacy;

/// <summary>Finds phrases in a text as whole words, ignoring case and the kind of white space between them.</summary>
internal static class WholeWordSearch
{
    public static bool Contains(string text, string phrase)
    {
        string[] words = phrase.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return false;
        }

        for (int at = 0; (at = text.IndexOf(words[0], at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            if ((at == 0 || !IsWordPart(text[at - 1])) && Continues(text, at + words[0].Length, words))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Continues(string text, int at, string[] words)
    {
        for (int i = 1; i < words.Length; i++)
        {
            int start = at;
            while (start < text.Length && char.IsWhiteSpace(text[start]))
            {
                start++;
            }

            if (start == at || string.Compare(text, start, words[i], 0, words[i].Length, StringComparison.OrdinalIgnoreCase) != 0)
            {
                return false;
            }

            at = start + words[i].Length;
        }

        return at >= text.Length || !IsWordPart(text[at]);
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
