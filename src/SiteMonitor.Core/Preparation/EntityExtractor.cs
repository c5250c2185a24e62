using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds named entities by rules and word lists: the same text gives the same answer, in time linear in its length. Misses are cheap (a focus area less);
/// whatever is found is neutralised, since strangers wrote it.
/// </summary>
public static partial class EntityExtractor
{
    /// <summary>At most this many of each kind.</summary>
    public const int MaxOfEachKind = 10;

    private const int MaxLength = 80;

    // Candidates that are compared with each other.
    private const int MaxCandidates = 200;

    // GitHub's limit for a body, and room for the title.
    private const int MaxText = 66_000;

    private const int FirstCveYear = 1999;

    public static EntitySet Extract(string text)
    {
        string read = text.Length <= MaxText ? text : text[..MaxText];
        EntityLexicon lexicon = EntityLexicon.Default;
        NameScanner names = new(WordSplitter.Split(read, lexicon.Abbreviations), lexicon);
        return new EntitySet
        {
            Organisations = Clean(Longest([.. Certs(read), .. names.FindOrganisations(), .. CjkScanner.FindOrganisations(read, lexicon)])),
            ThreatActors = Clean(Numbered(read).Concat(names.FindThreatActors())),
            Domains = [.. DomainScanner.Find(read, lexicon).Distinct().Select(Defang).Take(MaxOfEachKind)],
            Cves = Clean(Cves(read)),
            People = Clean(names.FindPeople().Concat(CjkScanner.FindPeople(read, lexicon))),
            Places = Clean(names.FindPlaces().Concat(CjkScanner.FindPlaces(read, lexicon))),
        };
    }

    private static string[] Clean(IEnumerable<string> found) =>
    [
        .. found
            .Select(name => TextSanitizer.SanitizeLine(name, MaxLength))
            .Where(name => name.Length > 1)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(MaxOfEachKind),
    ];

    /// <summary>Of a name found whole and in part (Contoso Group, Contoso Group Ltd), the whole.</summary>
    private static IEnumerable<string> Longest(IReadOnlyList<string> names)
    {
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal).Take(MaxCandidates)];
        return distinct.Where(name => !distinct.Any(other => other.Length > name.Length && other.StartsWith(name, StringComparison.Ordinal) && other[name.Length] is ' ' or ','));
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
            var actor => actor.Replace("-", actor.StartsWith("UAC", StringComparison.Ordinal) || actor.StartsWith("DEV", StringComparison.Ordinal) ? "-" : string.Empty, StringComparison.Ordinal),
        };

    private static string Defang(string domain) => domain.Replace(".", "[.]", StringComparison.Ordinal);

    [GeneratedRegex(@"\bCVE[-–‑ ](?:19|20)[0-9]{2}[-–‑ ][0-9]{4,7}\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Cve();

    [GeneratedRegex(@"\b(?:CERT|CSIRT)-[A-Z]{2,4}\b", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Cert();

    [GeneratedRegex(@"\b(?:APT-C-[0-9]{1,3}|(?:APT|FIN|UNC|TA|UAC|DEV)[- ]?[0-9]{1,4}|Storm-[0-9]{4})\b", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberedActor();
}
