using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds named entities by rules and word lists, deterministically and in time linear in the length of the text.
/// Strangers wrote the text, so entities are sanitized, and names that look like instructions are dropped.
/// </summary>
public static partial class EntityExtractor
{
    /// <summary>Maximum number of entities of each kind.</summary>
    public const int MaxOfEachKind = 10;

    private const int MaxLength = 80;

    // Maximum number of candidates that are compared with each other.
    private const int MaxCandidates = 200;

    // GitHub's limit for a body, plus the title.
    private const int MaxText = 66_000;

    private const int FirstCveYear = 1999;

    public static EntitySet Extract(string text)
    {
        string read = text.Length <= MaxText ? text : text[..MaxText];
        EntityLexicon lexicon = EntityLexicon.Default;
        NameScanner names = new(WordSplitter.Split(read, lexicon.Abbreviations), lexicon);
        return new EntitySet
        {
            Organisations = Clean(Longest([.. Certs(read), .. names.FindOrganisations(), .. CjkScanner.FindOrganisations(read, lexicon)]),
                lexicon),
            ThreatActors = Clean(Numbered(read).Concat(names.FindThreatActors()), lexicon),
            Domains = [.. DomainScanner.Find(read, lexicon).Distinct().Select(Defang).Take(MaxOfEachKind)],
            Cves = Clean(Cves(read), lexicon),
            People = Clean(names.FindPeople().Concat(CjkScanner.FindPeople(read, lexicon)), lexicon),
            Places = Clean(names.FindPlaces().Concat(CjkScanner.FindPlaces(read, lexicon)), lexicon),
        };
    }

    private static string[] Clean(IEnumerable<string> found, EntityLexicon lexicon) =>
    [
        .. found
            .Select(name => TextSanitizer.SanitizeLine(name, MaxLength))
            .Where(name => name.Length > 1 && !IsDirective(name, lexicon))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(MaxOfEachKind),
    ];

    // A name that the lexicon knows is one; any other that holds imperative or tool words may be an instruction in disguise.
    private static bool IsDirective(string name, EntityLexicon lexicon)
    {
        string phrase = name.ToLowerInvariant();
        if (lexicon.IsKnownName(phrase))
        {
            return false;
        }

        string[] words = phrase.Split([' ', '-', '&', '/', '\'', '’', '"', ','], StringSplitOptions.RemoveEmptyEntries);
        return words.Any(lexicon.DirectiveWords.Contains)
            || words.SkipWhile(lexicon.IsSkipped).Take(1).Any(lexicon.DirectiveVerbs.Contains)
            || lexicon.UncasedDirectives.Any(word => phrase.Contains(word, StringComparison.Ordinal));
    }

    // Of a name found in full and in part (Contoso Group, Contoso Group Ltd), the full one is kept.
    private static IEnumerable<string> Longest(IReadOnlyList<string> names)
    {
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal).Take(MaxCandidates)];
        return distinct.Where(name =>
            !distinct.Any(other =>
                other.Length > name.Length && other.StartsWith(name, StringComparison.Ordinal) && other[name.Length] is ' ' or ','));
    }

    private static IEnumerable<string> Certs(string text) => Cert().Matches(text).Select(match => match.Value);

    private static IEnumerable<string> Cves(string text) =>
        from Match match in Cve().Matches(text)
        let parts = match.Value.Split('-', '–', '‑', ' ')
        where int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) >= FirstCveYear
        select $"CVE-{parts[1]}-{parts[2]}";

    private static IEnumerable<string> Numbered(string text) =>
        from Match match in NumberedActor().Matches(text)
        select match.Value.Replace(" ", string.Empty, StringComparison.Ordinal) switch
        {
            ['S', ..] or ['A', 'P', 'T', '-', 'C', ..] => match.Value,
            var actor =>
                actor.Replace("-", actor.StartsWith("UAC", StringComparison.Ordinal) || actor.StartsWith("DEV", StringComparison.Ordinal)
                    ? "-"
                    : string.Empty, StringComparison.Ordinal),
        };

    private static string Defang(string domain) => domain.Replace(".", "[.]", StringComparison.Ordinal);

    [GeneratedRegex(@"\bCVE[-–‑ ](?:19|20)[0-9]{2}[-–‑ ][0-9]{4,7}\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Cve();

    [GeneratedRegex(@"\b(?:CERT|CSIRT)-[A-Z]{2,4}\b", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Cert();

    [GeneratedRegex(@"\b(?:APT-C-[0-9]{1,3}|(?:APT|FIN|UNC|TA|UAC|DEV)[- ]?[0-9]{1,4}|Storm-[0-9]{4})\b",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberedActor();
}
