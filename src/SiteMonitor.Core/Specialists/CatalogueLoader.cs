using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SiteMonitor.Core.Specialists;

/// <summary>Loads a catalogue file and reports every problem in it with its place.</summary>
public static class CatalogueLoader
{
    /// <summary>The name of the built-in catalogue in messages.</summary>
    public const string BuiltInFile = "specialists.json (built in)";

    private const string Resource = "SiteMonitor.Core.Specialists.specialists.json";

    /// <summary>The built-in catalogue, which a file named in the settings replaces.</summary>
    public static SpecialistCatalogue BuiltIn { get; } = LoadBuiltIn();

    /// <param name="json">The file's text.</param>
    /// <param name="file">Its name, for messages.</param>
    public static CatalogueLoadResult Load(string json, string file)
    {
        CatalogueFile? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize(json, CatalogueJson.Default.CatalogueFile);
        }
        catch (JsonException e)
        {
            JsonFileError mistake = JsonFileError.From(e);
            return new CatalogueLoadResult(null, [new CatalogueProblem(file, mistake.Place, mistake.Reason)]);
        }

        CatalogueValidator checker = new(file);
        IReadOnlyList<Specialist> specialists = checker.Validate(parsed);
        return checker.Problems.Count > 0
            ? new CatalogueLoadResult(null, checker.Problems)
            : new CatalogueLoadResult(new SpecialistCatalogue(specialists, VersionOf(specialists)), []);
    }

    // A hash over everything that a decision can depend on, so without the file's layout and comments.
    private static string VersionOf(IReadOnlyList<Specialist> specialists)
    {
        string canonical = JsonSerializer.Serialize(specialists, SpecialistsJson.Default.IReadOnlyListSpecialist);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))[..12];
    }

    private static SpecialistCatalogue LoadBuiltIn()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build lacks the resource {Resource}.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        CatalogueLoadResult load = Load(reader.ReadToEnd(), BuiltInFile);
        return load.Catalogue ?? throw new InvalidOperationException(string.Join(Environment.NewLine, load.Problems));
    }
}

/// <summary>A catalogue, or all problems of its file.</summary>
public sealed record CatalogueLoadResult(SpecialistCatalogue? Catalogue, IReadOnlyList<CatalogueProblem> Problems)
{
    public bool IsValid => Catalogue is not null;
}

/// <summary>A problem in a catalogue file.</summary>
/// <param name="File">The file as named in the settings.</param>
/// <param name="Entry">Its place: <c>specialists[1].rules[0].weight</c>, or <c>line 12</c> for a syntax error.</param>
/// <param name="Reason">What is wrong and what is allowed.</param>
public sealed record CatalogueProblem(string File, string Entry, string Reason)
{
    public override string ToString() => $"{File}: {Entry}: {Reason}";
}
