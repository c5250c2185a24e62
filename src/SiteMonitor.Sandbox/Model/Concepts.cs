using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Sandbox.Model;

/// <summary>The ideas that speak for each specialist, each with its words in several languages (Concepts.json).</summary>
internal sealed class Concepts
{
    private readonly Dictionary<string, string[][]> _bySpecialist;

    private Concepts(Dictionary<string, string[][]> bySpecialist) => _bySpecialist = bySpecialist;

    public static Concepts Load()
    {
        using Stream stream = typeof(Concepts).Assembly.GetManifestResourceStream("SiteMonitor.Sandbox.Model.Concepts.json")
            ?? throw new InvalidOperationException("The model's concepts are not embedded in this assembly.");
        return new Concepts(JsonSerializer.Deserialize(stream, ModelJson.Default.DictionaryStringStringArrayArray)!);
    }

    public IEnumerable<string> Specialists => _bySpecialist.Keys;

    /// <summary>Counts the ideas of the specialist in the text. An unknown specialist is judged by the words of its label.</summary>
    public int Count(string specialist, string text)
    {
        string[][] ideas = _bySpecialist.GetValueOrDefault(specialist) ?? [.. specialist.Split('-').Select(w => new[] { w })];
        return ideas.Count(words => words.Any(word => Has(text, word)));
    }

    public static bool Has(string text, string word)
    {
        // Scripts without spaces have no word boundaries.
        bool wholeWord = char.IsAsciiLetter(word[0]);
        for (int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(
            word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (!wholeWord || at == 0 || !char.IsLetterOrDigit(text[at - 1]))
            {
                return true;
            }
        }

        return false;
    }
}

[JsonSerializable(typeof(Dictionary<string, string[][]>))]
internal sealed partial class ModelJson : JsonSerializerContext;
