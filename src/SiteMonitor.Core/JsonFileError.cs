using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Core;

/// <summary>An error in a JSON file that people edit, described for them.</summary>
/// <param name="Place">The member with its line, or the line alone.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record JsonFileError(string Place, string Reason)
{
    public static JsonFileError From(JsonException e)
    {
        string path = e.Path is { Length: > 2 } p ? p[2..] : string.Empty;
        string line = e.LineNumber is { } n ? $"line {(n + 1).ToString(CultureInfo.InvariantCulture)}" : string.Empty;
        string place = (path, line) switch
        {
            ("", "") => "the file",
            ("", _) => line,
            (_, "") => path,
            _ => $"{path} ({line})",
        };
        return new JsonFileError(place, Reasoned(e.Message, path));
    }

    private static string Reasoned(string message, string path) => message switch
    {
        _ when message.Contains("could not be mapped", StringComparison.Ordinal) =>
            $"'{path[(path.LastIndexOf('.') + 1)..]}' is not a known member.",
        _ when message.Contains("could not be converted", StringComparison.Ordinal) =>
            "The value has the wrong type, or is not one of those allowed.",
        _ when message.Contains("Duplicate property", StringComparison.Ordinal) => "The member occurs twice.",
        _ => $"This is not valid JSON: {message.Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd('.')}.",
    };
}
