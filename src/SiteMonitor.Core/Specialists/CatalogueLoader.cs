using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SiteMonitor.Core.Specialists;

/// <summary>Reads a catalogue file strictly: whatever is not understood is refused, with the place and the reason, all problems at once.</summary>
public static class CatalogueLoader
{
    /// <summary>The name messages use for the catalogue that comes with the product.</summary>
    public const string BuiltInFile = "specialists.json (built in)";

    private const string Resource = "SiteMonitor.Core.Specialists.specialists.json";

    /// <summary>The catalogue that comes with the product; a settings file replaces it.</summary>
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

    /// <summary>Twelve hexadecimal digits over everything a decision can depend on; layout and comments of the file do not count.</summary>
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

/// <summary>A catalogue, or everything that is wrong with its file.</summary>
public sealed record CatalogueLoadResult(SpecialistCatalogue? Catalogue, IReadOnlyList<CatalogueProblem> Problems)
{
    public bool IsValid => Catalogue is not null;
}

/// <summary>One thing that is wrong with a catalogue file.</summary>
/// <param name="File">The file as named in the settings.</param>
/// <param name="Entry">Where in it: <c>specialists[1].rules[0].weight</c>, or <c>line 12</c> for a syntax error.</param>
/// <param name="Reason">What is wrong and what is allowed.</param>
public sealed record CatalogueProblem(string File, string Entry, string Reason)
{
    public override string ToString() => $"{File}: {Entry}: {Reason}";
}
