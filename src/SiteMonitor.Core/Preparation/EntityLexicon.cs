using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace SiteMonitor.Core.Preparation;

/// <summary>The word lists of the entity extraction, from entity-lexicon.json.</summary>
internal sealed class EntityLexicon
{
    private const string Resource = "SiteMonitor.Core.Preparation.entity-lexicon.json";
    private readonly Dictionary<string, string[]> _lists;

    private EntityLexicon(Dictionary<string, string[]> lists)
    {
        _lists = lists;
        TopLevelDomains = Words("genericTopLevelDomains");
        FileEndings = Words("fileEndings");
        IgnoredDomains = Words("ignoredDomains");
        DirectiveVerbs = Words("directiveVerbs");
        DirectiveWords = Words("directiveWords");
        DirectiveLeads = Words("directiveLeads");
        UncasedDirectives = Words("uncasedDirectives");
    }

    public static EntityLexicon Default { get; } = Load();

    public FrozenSet<string> TopLevelDomains { get; }

    /// <summary>Top-level domains that in a bare <c>name.ending</c> are more likely the end of a file name or a sentence.</summary>
    public FrozenSet<string> FileEndings { get; }

    public FrozenSet<string> IgnoredDomains { get; }

    /// <summary>Imperatives that at the beginning of a name make it look like an instruction, lower case.</summary>
    public FrozenSet<string> DirectiveVerbs { get; }

    /// <summary>Words of tools and instructions that anywhere in a name make it look like an instruction, lower case.</summary>
    public FrozenSet<string> DirectiveWords { get; }

    /// <summary>Words before an imperative that leave it one, such as <c>please</c> or a legal form, lower case.</summary>
    public FrozenSet<string> DirectiveLeads { get; }

    /// <summary>Words of instructions in scripts without spaces and capitals.</summary>
    public FrozenSet<string> UncasedDirectives { get; }

    private FrozenSet<string> Words(string list) => _lists[list].ToFrozenSet(StringComparer.Ordinal);

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
