namespace SiteMonitor.Core.Preparation;

/// <summary>Finds names in a list of words by the lexicon, in one pass.</summary>
internal sealed class NameScanner(IReadOnlyList<Word> words, EntityLexicon lexicon)
{
    private const int MaxPhrase = 4;
    private const int MaxOrganisation = 5;
    private const int MaxPerson = 4;

    private static readonly System.Buffers.SearchValues<char> Quotes = System.Buffers.SearchValues.Create("«\"„“‘'");

    /// <summary>Finds threat actors in the lexicon, and two-word names of a known family (Fancy Bear).</summary>
    public IEnumerable<string> FindThreatActors()
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (FindKnownPhrase(i, lexicon.Actors) is { } known)
            {
                yield return known;
            }
            else if (i + 1 < words.Count && words[i].IsCapitalised && words[i + 1].Follows
                && lexicon.ActorFamilies.Contains(words[i + 1].Text) && !IsSentenceStart(i))
            {
                yield return $"{words[i].Text} {words[i + 1].Text}";
            }
            else if (lexicon.ActorCues.Contains(words[i].Text) && Quoted(i) is { } quoted)
            {
                yield return quoted;
            }
        }
    }

    public IEnumerable<string> FindPlaces()
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (FindKnownPhrase(i, lexicon.Places) is { } place)
            {
                yield return place;
            }
        }
    }

    public IEnumerable<string> FindOrganisations()
    {
        for (int i = 0; i < words.Count; i++)
        {
            string? found = FindKnownPhrase(i, lexicon.Organisations)
                ?? (lexicon.OrganisationEndings.Contains(words[i].Text) ? EndingIn(i) : null)
                ?? (lexicon.OrganisationHeads.Contains(words[i].Text) ? OpenedBy(i) : null)
                ?? (lexicon.OrganisationPrefixes.Contains(words[i].Text) ? PrefixedBy(i) : null)
                ?? (lexicon.OrganisationCues.Contains(words[i].Text) ? Quoted(i) : null)
                ?? (lexicon.LegalForms.Contains(words[i].Text) && Quoted(i) is { } quoted ? $"{words[i].Text} {quoted}" : null);
            if (found is not null && !lexicon.Actors.ContainsKey(found.ToLowerInvariant()))
            {
                yield return found;
            }
        }
    }

    public IEnumerable<string> FindPeople()
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (lexicon.Honorifics.Contains(words[i].Text) && NameAfter(i, minimum: 1) is { } titled)
            {
                yield return titled;
            }

            if (lexicon.Roles.Contains(words[i].Text) && (NameAfter(i, minimum: 2) ?? NameBefore(i)) is { } placed)
            {
                yield return placed;
            }

            if (lexicon.NameCues.Contains(words[i].Text) && NameAfter(i, minimum: 2) is { } named)
            {
                yield return named;
            }
        }
    }

    // The longest known phrase that begins with this word and has a capital.
    private string? FindKnownPhrase(int start, IReadOnlyDictionary<string, string> phrases)
    {
        if (!words[start].Text.Any(char.IsUpper))
        {
            return null;
        }

        string phrase = words[start].Text.ToLowerInvariant();
        string? found = phrases.GetValueOrDefault(phrase);
        for (int i = start + 1; i < words.Count && i < start + MaxPhrase && words[i].Follows; i++)
        {
            phrase = $"{phrase} {words[i].Text.ToLowerInvariant()}";
            found = phrases.GetValueOrDefault(phrase) ?? found;
        }

        return found;
    }

    // The capitalised words before an ending such as GmbH.
    private string? EndingIn(int ending)
    {
        if (!words[ending].Follows && words[ending].Gap != ", ")
        {
            return null;
        }

        int start = ending;
        while (start > 0 && ending - start < MaxOrganisation && (start == ending || words[start].Follows || words[start].Gap == " & "))
        {
            Word before = words[start - 1];
            if (!before.IsCapitalised && !char.IsDigit(before.Text[0]))
            {
                break;
            }

            start--;
        }

        while (start < ending && (IsSentenceStart(start) || !words[start].IsCapitalised))
        {
            start++;
        }

        // The dot after an ending such as B.V. is part of it, not the end of the sentence.
        return start == ending
            ? null
            : words[ending].Text.Contains('.', StringComparison.Ordinal) ? $"{Join(start, ending)}." : Join(start, ending);
    }

    // The words after a first word such as Ministry (of).
    private string? OpenedBy(int head)
    {
        int end = head;
        int last = head;
        while (end + 1 < words.Count && end - head < MaxOrganisation && words[end + 1].Gap == " ")
        {
            Word next = words[end + 1];
            if (next.IsCapitalised)
            {
                last = end + 1;
            }
            else if (!lexicon.Connectors.Contains(next.Text))
            {
                break;
            }

            end++;
        }

        return last > head && lexicon.Connectors.Contains(words[head + 1].Text) ? Join(head, last) : null;
    }

    // The capitalised words after a first word such as Grupo.
    private string? PrefixedBy(int prefix)
    {
        int end = prefix;
        while (end + 1 < words.Count && end - prefix < MaxOrganisation && words[end + 1].Follows && words[end + 1].IsCapitalised)
        {
            end++;
        }

        return end > prefix ? Join(prefix, end) : null;
    }

    // The quoted name after a word.
    private string? Quoted(int form)
    {
        int first = form + 1;
        if (first >= words.Count || !words[first].IsCapitalised || !words[first].Gap.AsSpan().ContainsAny(Quotes))
        {
            return null;
        }

        int end = first;
        while (end + 1 < words.Count && end + 1 - first < MaxOrganisation && words[end + 1].Follows)
        {
            end++;
        }

        return Join(first, end);
    }

    private string? NameAfter(int cue, int minimum)
    {
        int end = cue;
        int capitals = 0;
        if (cue + 1 >= words.Count || !words[cue + 1].IsCapitalised)
        {
            return null;
        }

        while (end + 1 < words.Count && end - cue < MaxPerson && words[end + 1].Follows && IsNamePart(words[end + 1], end + 1))
        {
            end++;
            capitals += words[end].IsCapitalised ? 1 : 0;
        }

        while (end > cue && !words[end].IsCapitalised)
        {
            end--;
        }

        return capitals >= minimum ? Join(cue + 1, end) : null;
    }

    // The name before ", CEO" or "(CEO".
    private string? NameBefore(int role)
    {
        if (role == 0 || words[role].Gap is not (", " or " ("))
        {
            return null;
        }

        int start = role - 1;
        while (start > 0 && role - start < MaxPerson && words[start].Follows && IsNamePart(words[start - 1], start - 1)
            && !IsSentenceStart(start - 1))
        {
            start--;
        }

        return role - start >= 2 && words[role - 1].IsCapitalised && words[start].IsCapitalised ? Join(start, role - 1) : null;
    }

    private bool IsNamePart(Word word, int index) =>
        (word.IsCapitalised && word.Text.Any(char.IsLower) && !lexicon.SentenceStarts.Contains(word.Text))
        || (lexicon.NameParticles.Contains(word.Text) && index + 1 < words.Count && words[index + 1].IsCapitalised);

    private bool IsSentenceStart(int index) => lexicon.SentenceStarts.Contains(words[index].Text);

    private string Join(int first, int last) =>
        string.Concat(Enumerable.Range(first, last - first + 1).Select(i => (i == first ? string.Empty : words[i].Gap) + words[i].Text));
}
