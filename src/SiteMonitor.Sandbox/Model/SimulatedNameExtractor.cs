using System.Text.RegularExpressions;

namespace SiteMonitor.Sandbox.Model;

/// <summary>
/// The names that the simulated model quotes, by a few rules that miss many. Of a text with sentences that address it, it also claims a
/// name that is not there, as a real model may.
/// </summary>
internal sealed partial class SimulatedNameExtractor(FindingText text, bool obeysInjections)
{
    /// <summary>A name that no finding contains.</summary>
    public const string Invented = "Umbral Ledger Holdings";

    private string[] Obeyed => obeysInjections && text.Injected.Length > 0 ? [text.Injected] : [];

    public static bool IsName(string property) => property is "organisations" or "threat_actors" or "people" or "places";

    /// <summary>Returns the quotes for a property of the schema; empty for a property of another meaning.</summary>
    public IReadOnlyList<string> Find(string property) => property switch
    {
        "organisations" => [.. Quote(OrganisationPattern()), .. text.Injected.Length > 0 ? [Invented] : Array.Empty<string>(), .. Obeyed],
        "threat_actors" => Quote(ActorPattern()),
        "people" => Quote(PersonPattern()),
        "places" => [.. Quote(PlacePattern()), .. Quote(UncasedPlacePattern())],
        _ => [],
    };

    private string[] Quote(Regex pattern) =>
        [.. pattern.Matches(text.Content).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).Take(10)];

    [GeneratedRegex(
        @"(?<name>\p{Lu}[\p{L}&-]* (?:[\p{Lu}\p{N}&][\p{L}\p{N}-]* ){0,4}"
        + @"(?:Ltd|plc|Inc|LLC|GmbH|AG|B\.V\.|SARL|S\.A\.|Group|Holding|Systems|Bank|Agency))\b"
        + @"|(?<name>\p{Lu}\p{L}+(?: (?:of|de la|de|für|the|\p{Lu}\p{L}+)){0,3} \p{Lu}\p{L}+)(?= (?:said|confirmed|warned|reported))"
        + @"|(?<name>[\u4E00-\u9FFF\u30A0-\u30FF]{2,8}(?:有限公司|株式会社|集团))")]
    private static partial Regex OrganisationPattern();

    [GeneratedRegex(
        @"\b(?<name>(?:APT|FIN|UNC|TA|UAC-)[ -]?\d{1,4}|\p{Lu}\p{Ll}+ (?:Bear|Panda|Kitten|Spider|Typhoon|Blizzard)|Lazarus(?: Group)?|LockBit)\b|"
        + @"[Tt]he group (?<name>\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+)"
        + @"|(?:actor|gang|crew) [""“](?<name>[^""”\n]{3,40})[""”]")]
    private static partial Regex ActorPattern();

    [GeneratedRegex(
        @"\b(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Monsieur|Mme|CEO|CISO|CFO|director|minister)\.?\s"
        + @"(?<name>\p{Lu}[\p{L}'’-]+(?: (?:van|von|de|\p{Lu}[\p{L}'’-]+)){0,3})"
        + @"|(?<name>\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+), (?:the )?(?:CEO|CISO|CFO|director|minister)")]
    private static partial Regex PersonPattern();

    [GeneratedRegex(
        @"\b(?:in|from|near|aus|nach|à|en|sede|office|offices in)\s(?<name>\p{Lu}\p{Ll}{3,}(?: \p{Lu}\p{Ll}{3,})?)\b")]
    private static partial Regex PlacePattern();

    [GeneratedRegex("(?<name>東京|日本|北京|上海|서울|دبي|मुंबई|Москв[аеу]|Киев[ае]?|Київ)")]
    private static partial Regex UncasedPlacePattern();
}
