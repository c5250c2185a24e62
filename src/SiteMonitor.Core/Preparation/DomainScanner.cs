using System.Text;

namespace SiteMonitor.Core.Preparation;

/// <summary>Finds domain names in one pass, defanged ones too (<c>evil[.]example</c>, <c>hxxps://</c>, <c>evil(dot)example</c>).</summary>
internal static class DomainScanner
{
    private const int MaxDomain = 253;
    private const int MaxLabel = 63;

    private static readonly string[] WrittenDots = ["[.]", "(.)", "{.}", "[dot]", "(dot)", "[dot", "[."];

    public static IEnumerable<string> Find(string text, EntityLexicon lexicon)
    {
        for (int at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            (string name, bool isDefanged, int end) = Read(text, at);
            bool isMarked = isDefanged || IsAddressed(text, at);
            if (IsDomain(name, isMarked, lexicon))
            {
                yield return name;
            }

            at = Math.Max(end, at + 1);
        }
    }

    private static (string Name, bool IsDefanged, int End) Read(string text, int at)
    {
        StringBuilder name = new();
        bool isDefanged = false;
        while (at < text.Length && name.Length <= MaxDomain)
        {
            char c = text[at];
            int dot = c is '[' or '(' or '{' ? DotLength(text, at) : 0;
            if (dot > 0)
            {
                name.Append('.');
                isDefanged = true;
                at += dot;
            }
            else if (char.IsLetterOrDigit(c) || c is '-' or '.')
            {
                name.Append(char.ToLowerInvariant(c));
                at++;
            }
            else
            {
                break;
            }
        }

        return (name.ToString().Trim('.', '-'), isDefanged, at);
    }

    private static int DotLength(string text, int at)
    {
        foreach (string dot in WrittenDots)
        {
            if (string.Compare(text, at, dot, 0, dot.Length, StringComparison.OrdinalIgnoreCase) == 0)
            {
                return dot.Length;
            }
        }

        return 0;
    }

    // Behind :// or @ it can be neither a file name nor the end of a sentence.
    private static bool IsAddressed(string text, int at) =>
        at > 0 && (text[at - 1] == '@' || (text[at - 1] == '/' && at > 2 && text[at - 2] == '/' && text[at - 3] is ':' or ']'));

    private static bool IsDomain(string name, bool isMarked, EntityLexicon lexicon)
    {
        if (name.Length > MaxDomain)
        {
            return false;
        }

        string[] labels = name.Split('.');
        if (labels.Length < 2 || labels.Any(label => label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-'))
        {
            return false;
        }

        string top = labels[^1];
        bool isCountry = top.Length == 2 && char.IsAsciiLetter(top[0]) && char.IsAsciiLetter(top[1]);
        bool isKnown = isCountry || lexicon.TopLevelDomains.Contains(top) || top.StartsWith("xn--", StringComparison.Ordinal);
        bool isPlausible = isMarked || labels.Length > 2 || !lexicon.FileEndings.Contains(top);
        return isKnown && isPlausible && labels.SkipLast(1).Any(label => label.Length > 1) && !IsIgnored(name, lexicon);
    }

    private static bool IsIgnored(string name, EntityLexicon lexicon) =>
        lexicon.IgnoredDomains.Any(ignored => name == ignored || name.EndsWith($".{ignored}", StringComparison.Ordinal));
}
