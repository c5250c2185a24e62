using System.Globalization;
using System.Text;

namespace SiteMonitor.Core.Preparation;

/// <summary>Turns texts into parts of paths and identifiers: lower-case ASCII letters and digits, in words joined by hyphens.</summary>
public static class Slug
{
    private const int MaxTitleLength = 60;
    private const int MinTitleLength = 3;

    // Latin letters with diacritics and their replacements. (The app runs in invariant mode, which has no Unicode decomposition.)
    private static readonly Dictionary<char, string> Plain = Letters(
        ("a", "àáâãåāăą"), ("ae", "äæ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"),
        ("j", "ĵ"),
        ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõøōŏő"), ("oe", "öœ"), ("r", "ŕŗř"), ("s", "śŝşšș"), ("ss", "ß"),
        ("t", "ţťŧț"), ("th", "þ"),
        ("u", "ùúûũūŭůűų"), ("ue", "ü"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"));

    /// <summary>Returns the part of a path that names an issue: <c>issue-12-new-banner</c>.</summary>
    /// <remarks>
    /// The number makes it unique, so that a title cannot aim at another issue's or an existing file; the title only helps people.
    /// </remarks>
    public static string FromIssue(int number, string title)
    {
        string slug = Create(title, MaxTitleLength);
        string prefix = $"issue-{number.ToString(CultureInfo.InvariantCulture)}";
        return slug.Length >= MinTitleLength ? $"{prefix}-{slug}" : prefix;
    }

    /// <summary>
    /// Returns the slug of a text, without cutting words unless the first is too long; empty without a Latin letter or digit.
    /// </summary>
    public static string Create(string text, int maxLength)
    {
        StringBuilder slug = new(maxLength + 2);
        int wordEnd = 0;
        foreach (char c in text)
        {
            string? letters =
                char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c).ToString() : Plain.GetValueOrDefault(char.ToLowerInvariant(c));
            if (letters is not null)
            {
                slug.Append(letters);
            }
            else if (slug.Length > 0 && slug[^1] != '-' && c is not ('\'' or '’'))
            {
                wordEnd = slug.Length <= maxLength ? slug.Length : wordEnd;
                slug.Append('-');
            }

            if (slug.Length > maxLength)
            {
                return slug.ToString(0, wordEnd > 0 ? wordEnd : maxLength).Trim('-');
            }
        }

        return slug.ToString().Trim('-');
    }

    private static Dictionary<char, string> Letters(params (string Plain, string Marked)[] groups) =>
        groups.SelectMany(group => group.Marked.Select(c => (c, group.Plain))).ToDictionary();
}
