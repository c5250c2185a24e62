using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Specialists;

public sealed class CatalogueLoaderTests
{
    private const string File = "specialists.json";

    private static readonly JsonSchemaCheck Schema = new(CatalogueDocument.Schema);

    /// <summary>Place, new value (none: taken away), entry the message names, piece of its reason, whether the editor's schema sees it too.</summary>
    public static TheoryData<string, string?, string, string, bool> Mistakes => new()
    {
        { "specialists", "[]", "specialists", "1 to 20", true },
        { "specialists", null, "specialists", "1 to 20", true },
        { "specialists.0", "null", "specialists[0]", "null", true },
        { "specialists.0.label", null, "specialists[0].label", "missing", true },
        { "specialists.0.label", "\"\"", "specialists[0].label", "empty", true },
        { "specialists.0.label", "\"Intel Analyst\"", "specialists[0].label", "lower-case", true },
        { "specialists.0.label", "\"site-monitor\"", "specialists[0].label", "workflow label", false },
        { "specialists.0.label", "\"urgent\"", "specialists[0].label", "workflow label", false },
        { "specialists.1.label", "\"intelligence-analyst\"", "specialists[1].label", "twice", false },
        { "specialists.0.name", "\" \"", "specialists[0].name", "empty", false },
        { "specialists.0.description", "\"two\\nlines\"", "specialists[0].description", "one line", false },
        { "specialists.0.rules", "[]", "specialists[0].rules", "1 to 20", true },
        { "specialists.0.rules.1", "null", "specialists[0].rules[1]", "null", true },
        { "specialists.0.rules.0.triggerLabels", "[]", "specialists[0].rules[0].triggerLabels", "1 to 40", true },
        { "specialists.0.rules.0.keywords", "[\"a\",\"A\"]", "specialists[0].rules[0].keywords[1]", "twice", false },
        { "specialists.0.rules.0.keywords", "[null]", "specialists[0].rules[0].keywords[0]", "missing", true },
        { "specialists.0.rules.0.weight", "0", "specialists[0].rules[0].weight", "above 0", true },
        { "specialists.0.rules.0.weight", "1.01", "specialists[0].rules[0].weight", "at most 1", true },
        { "specialists.0.rules.0.weight", null, "specialists[0].rules[0].weight", "at most 1", true },
        { "specialists.0.rules.0.minimum", "-0.5", "specialists[0].rules[0].minimum", "above 0", true },
        { "specialists.2.rules.1.minimum", "0.61", "specialists[2].rules[1].minimum", "could never match", false },
        { "specialists.0.deliverable", null, "specialists[0].deliverable", "missing", true },
        { "specialists.0.deliverable.path", "\"/etc/<slug>.md\"", "specialists[0].deliverable.path", "relative path", true },
        { "specialists.0.deliverable.path", "\"docs/../<slug>.md\"", "specialists[0].deliverable.path", "'..'", true },
        { "specialists.0.deliverable.path", "\".github/workflows/<slug>.md\"", "specialists[0].deliverable.path", "'.github'", true },
        { "specialists.0.deliverable.path", "\"docs/.hidden/<slug>.md\"", "specialists[0].deliverable.path", "'.hidden'", true },
        { "specialists.0.deliverable.template", "\".github/template.md\"", "specialists[0].deliverable.template", "'.github'", true },
        { "specialists.0.deliverable.path", "\"docs\\\\<slug>.md\"", "specialists[0].deliverable.path", "relative path", true },
        { "specialists.0.deliverable.path", "\"docs/report.md\"", "specialists[0].deliverable.path", "<slug> exactly once", false },
        { "specialists.0.deliverable.template", "\"a//b.md\"", "specialists[0].deliverable.template", "relative path", true },
        { "specialists.0.deliverable.sections", "[]", "specialists[0].deliverable.sections", "1 to 40", true },
        { "specialists.0.quality", null, "specialists[0].quality", "missing", true },
        { "specialists.0.quality.confidence", "1.5", "specialists[0].quality.confidence", "0 to 1", true },
        { "specialists.0.quality.minimumWords", "0", "specialists[0].quality.minimumWords", "1 to 100000", true },
        { "specialists.0.nickname", "\"Sherlock\"", "specialists[0].nickname", "not a known member", true },
        { "specialists.0.rules.0.wieght", "1", "specialists[0].rules[0].wieght", "not a known member", true },
        { "specialists.0.rules.0.weight", "\"0.5\"", "specialists[0].rules[0].weight", "wrong type", true },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_Mistake_Is_Refused_With_File_Entry_And_Reason(string path, string? value, string entry, string reason, bool isSeenBySchema)
    {
        string document = CatalogueDocument.With(path, value);

        CatalogueLoadResult load = CatalogueLoader.Load(document, File);

        Assert.False(load.IsValid);
        CatalogueProblem problem = Assert.Single(load.Problems, p => p.Entry.Split(' ')[0] == entry);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.StartsWith($"{File}: {entry}", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(isSeenBySchema, Schema.Problems(document).Count > 0);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{", "line 1")]
    [InlineData("[]", "line 1")]
    [InlineData("{\n  \"specialists\": [\n    oops\n  ]\n}", "line 3")]
    public void A_File_That_Is_Not_Json_Is_Refused_With_The_Place(string text, string place)
    {
        CatalogueProblem problem = Assert.Single(CatalogueLoader.Load(text, File).Problems);

        Assert.Contains(place, problem.Entry, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Member_Written_Twice_Is_Refused() =>
        Assert.False(CatalogueLoader.Load("""{ "specialists": [], "specialists": [] }""", File).IsValid);

    [Fact]
    public void All_Mistakes_Are_Listed_At_Once()
    {
        CatalogueLoadResult load = CatalogueLoader.Load("""{ "specialists": [ {} ] }""", File);

        Assert.True(load.Problems.Count > 8);
    }

    [Fact]
    public void The_Built_In_File_Fits_The_Schema() => Assert.Empty(Schema.Problems(CatalogueDocument.Text));

    [Fact]
    public void The_Version_Follows_The_Content_And_Not_The_Layout()
    {
        string compact = CatalogueDocument.With("specialists.0.name", "\"Intelligence Analyst\"");
        string changed = CatalogueDocument.With("specialists.0.name", "\"Analyst\"");

        Assert.Matches("^[0-9a-f]{12}$", CatalogueLoader.BuiltIn.Version);
        Assert.Equal(CatalogueLoader.BuiltIn.Version, CatalogueLoader.Load(compact, File).Catalogue!.Version);
        Assert.NotEqual(CatalogueLoader.BuiltIn.Version, CatalogueLoader.Load(changed, File).Catalogue!.Version);
    }
}
