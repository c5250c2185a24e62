using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace SiteMonitor.Core.Preparation;

/// <summary>The word lists of the entity extraction, from entity-lexicon.json.</summary>
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
        DirectiveVerbs = Words("directiveVerbs");
        DirectiveWords = Words("directiveWords");
    }

    public static EntityLexicon Default { get; } = Load();

    /// <summary>Lower-case phrase → the name as it is usually written.</summary>
    public FrozenDictionary<string, string> Actors { get; }

    public FrozenDictionary<string, string> Organisations { get; }

    public FrozenDictionary<string, string> Places { get; }

    /// <summary>The second word of names such as Fancy Bear or Volt Typhoon.</summary>
    public FrozenSet<string> ActorFamilies { get; }

    public FrozenSet<string> OrganisationEndings { get; }

    /// <summary>First words of the name of an institution: Ministry of …</summary>
    public FrozenSet<string> OrganisationHeads { get; }

    /// <summary>First words of a name without a preposition: Grupo …</summary>
    public FrozenSet<string> OrganisationPrefixes { get; }

    /// <summary>Words before the quoted name of an organisation.</summary>
    public FrozenSet<string> OrganisationCues { get; }

    /// <summary>Words before the quoted name of a threat actor.</summary>
    public FrozenSet<string> ActorCues { get; }

    /// <summary>Words before a person's name of two or more capitalised words.</summary>
    public FrozenSet<string> NameCues { get; }

    /// <summary>Legal forms before a quoted name.</summary>
    public FrozenSet<string> LegalForms { get; }

    public FrozenSet<string> Connectors { get; }

    public FrozenSet<string> NameParticles { get; }

    public FrozenSet<string> Honorifics { get; }

    public FrozenSet<string> Roles { get; }

    /// <summary>Abbreviations, whose dot does not end a sentence.</summary>
    public FrozenSet<string> Abbreviations { get; }

    /// <summary>Capitalised words that begin a sentence and are not part of the name after them.</summary>
    public FrozenSet<string> SentenceStarts { get; }

    public FrozenSet<string> TopLevelDomains { get; }

    /// <summary>Top-level domains that in a bare <c>name.ending</c> are more likely the end of a file name or a sentence.</summary>
    public FrozenSet<string> FileEndings { get; }

    public FrozenSet<string> IgnoredDomains { get; }

    /// <summary>Imperatives that at the beginning of a name make it look like an instruction, lower case.</summary>
    public FrozenSet<string> DirectiveVerbs { get; }

    /// <summary>Words of tools and instructions that anywhere in a name make it look like an instruction, lower case.</summary>
    public FrozenSet<string> DirectiveWords { get; }

    /// <summary>The same in scripts without spaces and capitals.</summary>
    public IReadOnlyList<string> UncasedDirectives => _lists["uncasedDirectives"];

    public IReadOnlyList<string> UncasedPlaces => _lists["uncasedPlaces"];

    public IReadOnlyList<string> CjkOrganisationEndings => _lists["cjkOrganisationEndings"];

    public IReadOnlyList<string> CjkOrganisationHeads => _lists["cjkOrganisationHeads"];

    public IReadOnlyList<string> CjkHonorifics => _lists["cjkHonorifics"];

    /// <summary>Returns whether a word in lower case before an imperative leaves it one: please, now, mr, or a legal form.</summary>
    public bool IsSkipped(string word) =>
        word is "please" or "now" or "then" or "also" or "always" or "just" or "you" or "must" or "mr" or "mrs" or "ms" or "dr"
        || LegalForms.Any(form => form.Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns whether a phrase in lower case is a name in the lexicon.</summary>
    public bool IsKnownName(string phrase)
    {
        string key = phrase.Replace('-', ' ');
        return Organisations.ContainsKey(key) || Actors.ContainsKey(key) || Places.ContainsKey(key);
    }

    private FrozenSet<string> Words(string list) => _lists[list].ToFrozenSet(StringComparer.Ordinal);

    private FrozenDictionary<string, string> Phrases(string list) =>
        _lists[list].Distinct(StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(name => name.ToLowerInvariant().Replace('-', ' '), StringComparer.Ordinal);

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
