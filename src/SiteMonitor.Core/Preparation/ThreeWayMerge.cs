namespace SiteMonitor.Core.Preparation;

/// <summary>Merges two changes of one text without losing either.</summary>
internal static class ThreeWayMerge
{
    /// <summary>
    /// Merges the changes, each taken as one replaced range. Both are applied where the ranges do not touch; otherwise the newer text is
    /// kept and the older one's insertion appended, so that its author finds it.
    /// </summary>
    public static string Merge(string basis, string older, string newer)
    {
        if (older == basis || older == newer)
        {
            return newer;
        }

        if (newer == basis)
        {
            return older;
        }

        TextReplacement a = TextReplacement.Between(basis, older);
        TextReplacement b = TextReplacement.Between(basis, newer);
        if (a.End < b.Start || b.End < a.Start)
        {
            (TextReplacement first, TextReplacement last) = a.Start < b.Start ? (a, b) : (b, a);
            return first.Make(last.Make(basis));
        }

        string added = a.Text.Trim();
        return added.Length == 0 || newer.Contains(added, StringComparison.Ordinal) ? newer : $"{newer}\n\n{added}";
    }

    private readonly record struct TextReplacement(int Start, int End, string Text)
    {
        public static TextReplacement Between(string from, string to)
        {
            int shorter = Math.Min(from.Length, to.Length);
            int start = from.AsSpan().CommonPrefixLength(to);
            start -= start > 0 && char.IsHighSurrogate(from[start - 1]) ? 1 : 0;
            int tail = 0;
            while (tail < shorter - start && from[^(tail + 1)] == to[^(tail + 1)])
            {
                tail++;
            }

            tail -= tail > 0 && char.IsLowSurrogate(from[^tail]) ? 1 : 0;
            return new TextReplacement(start, from.Length - tail, to[start..(to.Length - tail)]);
        }

        public string Make(string text) => $"{text.AsSpan(0, Start)}{Text}{text.AsSpan(End)}";
    }
}
