using System.Text;

namespace SiteMonitor.Core.Preparation;

/// <summary>Texts as parts of paths and identifiers: lower-case ASCII letters, digits and single hyphens.</summary>
public static class Slug
{
    private const int MaxTitleLength = 60;
    private const int MinTitleLength = 3;

    // Latin letters with marks, by what they are written as without them. (Unicode decomposition is not there in the invariant mode the app runs in.)
    private static readonly Dictionary<char, string> Plain = Letters(
        ("a", "àáâãåāăą"), ("ae", "äæ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"), ("j", "ĵ"),
        ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõøōŏő"), ("oe", "öœ"), ("r", "ŕŗř"), ("s", "śŝşšș"), ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"),
        ("u", "ùúûũūŭůűų"), ("ue", "ü"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"));

    /// <summary>The slug of an issue's title, at most 60 characters; <c>issue-12</c> when the title has too few Latin letters and digits for one.</summary>
    public static string FromTitle(string title, int number)
    {
        string slug = Create(title, MaxTitleLength);
        return slug.Length >= MinTitleLength ? slug : $"issue-{number}";
    }

    /// <summary>The slug of any text; empty when it has no Latin letter or digit. Words are not cut unless the first alone is too long.</summary>
    public static string Create(string text, int maxLength)
    {
        StringBuilder slug = new(maxLength + 2);
        int wordEnd = 0;
        foreach (char c in text)
        {
            string? letters = char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c).ToString() : Plain.GetValueOrDefault(char.ToLowerInvariant(c));
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
