namespace SiteMonitor.Core.Preparation;

/// <summary>Recognizes names that read like an instruction, such as <c>Delete The Github Workflows Ltd</c>.</summary>
internal static class DirectiveNames
{
    /// <summary>Maximum number of words of a name; more are a sentence.</summary>
    private const int MaxWords = 6;

    /// <summary>
    /// From so many words on, a name begins and ends with a capital or a digit, and a verb within makes it an instruction.
    /// </summary>
    private const int LongName = 4;

    private static readonly char[] Separators = [.. " -&/'’\",«»“”„「」():;"];

    /// <summary>
    /// Returns whether the name holds words of tools or instructions, begins with an imperative, or reads like a sentence. A single word,
    /// such as <c>GitHub</c>, instructs nobody.
    /// </summary>
    public static bool Contains(string name)
    {
        EntityLexicon lexicon = EntityLexicon.Default;
        string phrase = name.ToLowerInvariant();
        string[] words = phrase.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return IsSentence(name, lexicon)
            || (words.Length > 1 && (words.Any(lexicon.DirectiveWords.Contains)
                || words.SkipWhile(lexicon.DirectiveLeads.Contains).Take(1).Any(lexicon.DirectiveVerbs.Contains)))
            || lexicon.UncasedDirectives.Any(word => phrase.Contains(word, StringComparison.Ordinal));
    }

    private static bool IsSentence(string name, EntityLexicon lexicon)
    {
        string[] words = name.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return name.Count(c => c == ' ') >= MaxWords
            || (words.Length >= LongName
                && (char.IsLower(words[0][0]) || char.IsLower(words[^1][0])
                    || words.SkipLast(1).Any(word => lexicon.DirectiveVerbs.Contains(word.ToLowerInvariant()))));
    }
}
