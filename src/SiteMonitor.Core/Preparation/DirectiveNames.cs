namespace SiteMonitor.Core.Preparation;

/// <summary>Recognizes names that read like an instruction, such as <c>Delete The Github Workflows Ltd</c>.</summary>
internal static class DirectiveNames
{
    private static readonly char[] Separators = [.. " -&/'’\",«»“”„「」():;"];

    /// <summary>
    /// Returns whether the name holds words of tools or instructions, or begins with an imperative. A single word, such as
    /// <c>GitHub</c>, instructs nobody.
    /// </summary>
    public static bool Contains(string name)
    {
        EntityLexicon lexicon = EntityLexicon.Default;
        string phrase = name.ToLowerInvariant();
        string[] words = phrase.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return (words.Length > 1 && (words.Any(lexicon.DirectiveWords.Contains)
                || words.SkipWhile(lexicon.DirectiveLeads.Contains).Take(1).Any(lexicon.DirectiveVerbs.Contains)))
            || lexicon.UncasedDirectives.Any(word => phrase.Contains(word, StringComparison.Ordinal));
    }
}
