using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds the entities in an issue's text: names quoted by the model that appear in the text verbatim; domains, IP
/// addresses and CVE ids by pattern. Strangers wrote the text, so names that look like instructions are dropped.
/// </summary>
/// <remarks>
/// Text and quotes are compared as <see cref="TextSanitizer"/> writes them on one line: white space, and characters that format, link or
/// mention, count as one space, and invisible characters as nothing. Letter case counts.
/// </remarks>
public static partial class EntityExtractor
{
    /// <summary>Maximum number of entities of each kind.</summary>
    public const int MaxOfEachKind = 10;

    /// <summary>Maximum length of a name, in UTF-16 units; longer quotes are sentences and dropped.</summary>
    private const int MaxLength = 80;

    // GitHub's limit for a body, plus the title.
    private const int MaxText = 66_000;

    private const int FirstCveYear = 1999;

    /// <param name="text">The issue's title and text.</param>
    /// <param name="names">What the model quoted; null when there is no analysis.</param>
    public static EntitySet Extract(string text, NamedEntities? names)
    {
        string read = text.Length <= MaxText ? text : text[..MaxText];
        string line = names is null ? string.Empty : TextSanitizer.SanitizeLine(read, 2 * MaxText);
        return new EntitySet
        {
            Organisations = FindQuotes(line, names?.Organisations),
            ThreatActors = FindQuotes(line, names?.ThreatActors),
            Domains = Limit(DomainScanner.Find(read, EntityLexicon.Default).Select(Defang)),
            Addresses = Limit(FindAddresses(read)),
            Cves = Limit(FindCves(read)),
            People = FindQuotes(line, names?.People),
            Places = FindQuotes(line, names?.Places),
        };
    }

    private static string[] FindQuotes(string line, IReadOnlyList<string>? quotes) => Limit(
        from quote in quotes ?? []
        where quote is { Length: <= MaxLength }
        let name = TextSanitizer.SanitizeLine(quote, 2 * MaxLength)
        where name.Any(char.IsLetterOrDigit) && ContainsWords(line, name) && !DirectiveNames.Contains(name)
        select name);

    private static string[] Limit(IEnumerable<string> names) => [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxOfEachKind)];

    private static bool ContainsWords(string line, string name)
    {
        for (int at = 0; (at = line.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at++)
        {
            int end = at + name.Length;
            bool isStart = at == 0 || !AreOneWord(line[at - 1], line[at]);
            if (isStart && (end == line.Length || !AreOneWord(line[end - 1], line[end])))
            {
                return true;
            }
        }

        return false;
    }

    // Scripts without letter case write no spaces, or join particles to a name.
    private static bool AreOneWord(char first, char second) => IsWordPart(first) && IsWordPart(second);

    private static bool IsWordPart(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.NonSpacingMark;

    private static IEnumerable<string> FindCves(string text) =>
        from Match match in CvePattern().Matches(text)
        let parts = match.Value.Split('-', '–', '‑', ' ')
        where int.Parse(parts[1], CultureInfo.InvariantCulture) >= FirstCveYear
        select $"CVE-{parts[1]}-{parts[2]}";

    private static IEnumerable<string> FindAddresses(string text) =>
        from Match match in AddressPattern().Matches(text)
        let plain = DotPattern().Replace(match.Value, ".").ToLowerInvariant()
        where IPAddress.TryParse(plain, out IPAddress? address)
            && (address.AddressFamily == AddressFamily.InterNetwork || plain.Contains(':', StringComparison.Ordinal))
        select Defang(plain);

    private static string Defang(string name) => name.Replace(".", "[.]", StringComparison.Ordinal);

    [GeneratedRegex(@"\bCVE[-–‑ ](?:19|20)[0-9]{2}[-–‑ ][0-9]{4,7}\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CvePattern();

    // Version 6: only global addresses, because others can hardly be told from times and program code.
    [GeneratedRegex(
        @"(?<![\w.:-])(?:[0-9]{1,3}(?:(?:\.|\[\.\]|\(\.\)|\[dot\])[0-9]{1,3}){3}(?![\w-]|\.[0-9])"
        + @"|[23][0-9a-f]{3}(?::[0-9a-f]{0,4}){2,7}(?![\w:]))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AddressPattern();

    [GeneratedRegex(@"\[\.\]|\(\.\)|\[dot\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DotPattern();
}
