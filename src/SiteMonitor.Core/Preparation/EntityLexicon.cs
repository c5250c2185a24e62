using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace SiteMonitor.Core.Preparation;

/// <summary>The words that entity extraction goes by: data, in entity-lexicon.json.</summary>
internal sealed class EntityLexicon
{
    private const string Resource = "SiteMonitor.Core.Preparation.entity-lexicon.json";
    private readonly IReadOnlyDictionary<string, string[]> _lists;

    private EntityLexicon(IReadOnlyDictionary<string, string[]> lists)
    {
        _lists = lists;
        Actors = Phrases("actors");
        Organisations = Phrases("organisations");
        Places = Phrases("places");
        ActorFamilies = Words("actorFamilies");
        OrganisationEndings = Words("organisationEndings");
        OrganisationHeads = Words("organisationHeads");
        OrganisationPrefixes = Words("organisationPrefixes");
        OrganisationCues = Words("organisationCues");
        ActorCues = Words("actorCues");
        NameCues = Words("nameCues");
        LegalForms = Words("quotedOrganisationForms");
        Connectors = Words("connectors");
        NameParticles = Words("nameParticles");
        Honorifics = Words("honorifics");
        Roles = Words("roles");
        Abbreviations = Words("abbreviations");
        SentenceStarts = Words("sentenceStarts");
        TopLevelDomains = Words("genericTopLevelDomains");
        FileEndings = Words("fileEndings");
        IgnoredDomains = Words("ignoredDomains");
    }

    public static EntityLexicon Default { get; } = Load();

    /// <summary>Lower-case phrase → the name as it is usually written.</summary>
    public FrozenDictionary<string, string> Actors { get; }

    public FrozenDictionary<string, string> Organisations { get; }

    public FrozenDictionary<string, string> Places { get; }

    /// <summary>The second word of names such as Fancy Bear or Volt Typhoon.</summary>
    public FrozenSet<string> ActorFamilies { get; }

    public FrozenSet<string> OrganisationEndings { get; }

    /// <summary>Words that open the name of an institution: Ministry of …</summary>
    public FrozenSet<string> OrganisationHeads { get; }

    /// <summary>Words that open a name without a joining word: Grupo …</summary>
    public FrozenSet<string> OrganisationPrefixes { get; }

    /// <summary>Words behind which a name in quotation marks is an organisation's.</summary>
    public FrozenSet<string> OrganisationCues { get; }

    /// <summary>Words behind which a name in quotation marks is a threat actor's.</summary>
    public FrozenSet<string> ActorCues { get; }

    /// <summary>Words behind which two or more capitalised words are a person's name.</summary>
    public FrozenSet<string> NameCues { get; }

    /// <summary>Legal forms that stand before a name in quotation marks.</summary>
    public FrozenSet<string> LegalForms { get; }

    public FrozenSet<string> Connectors { get; }

    public FrozenSet<string> NameParticles { get; }

    public FrozenSet<string> Honorifics { get; }

    public FrozenSet<string> Roles { get; }

    /// <summary>Words whose dot ends no sentence.</summary>
    public FrozenSet<string> Abbreviations { get; }

    /// <summary>Capitalised words that belong to the sentence, not to the name behind them.</summary>
    public FrozenSet<string> SentenceStarts { get; }

    public FrozenSet<string> TopLevelDomains { get; }

    /// <summary>Endings that a bare <c>name.ending</c> more likely has as a file's or a sentence's than as a domain's.</summary>
    public FrozenSet<string> FileEndings { get; }

    public FrozenSet<string> IgnoredDomains { get; }

    public IReadOnlyList<string> UncasedPlaces => _lists["uncasedPlaces"];

    public IReadOnlyList<string> CjkOrganisationEndings => _lists["cjkOrganisationEndings"];

    public IReadOnlyList<string> CjkOrganisationHeads => _lists["cjkOrganisationHeads"];

    public IReadOnlyList<string> CjkHonorifics => _lists["cjkHonorifics"];

    private FrozenSet<string> Words(string list) => _lists[list].ToFrozenSet(StringComparer.Ordinal);

    private FrozenDictionary<string, string> Phrases(string list) =>
        _lists[list].Distinct(StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(name => name.ToLowerInvariant().Replace('-', ' '), StringComparer.Ordinal);

    private static EntityLexicon Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build lacks the resource {Resource}.");
        using JsonDocument document = JsonDocument.Parse(stream);
        return new EntityLexicon(document.RootElement.EnumerateObject().ToDictionary(
            list => list.Name,
            list => list.Value.EnumerateArray().Select(word => word.GetString() ?? string.Empty).ToArray()));
    }
}
