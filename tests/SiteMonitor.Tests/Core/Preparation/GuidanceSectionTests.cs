using FsCheck.Xunit;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

[Properties(Arbitrary = [typeof(HostileText), typeof(MarkdownText)], MaxTest = 300)]
public sealed class GuidanceSectionTests
{
    private const string First = "## First\n\n- one\n- two";
    private const string Second = "## Second\n\nother";
    private static readonly IssueRef Issue = IssueRef.Parse("acme/site#12");

    [Property]
    public bool Removing_The_Section_Gives_The_Original_Back_Byte_For_Byte(HostileText body) => Remove(Apply(body.Value, First)) == body.Value;

    [Property]
    public bool The_Original_Stands_Unchanged_Before_The_Section(HostileText body) => Apply(body.Value, First).StartsWith(body.Value, StringComparison.Ordinal);

    [Property]
    public bool Applying_The_Same_Twice_Changes_Nothing(HostileText body) => Apply(Apply(body.Value, First), First) == Apply(body.Value, First);

    [Property]
    public bool A_New_Section_Replaces_The_Old_One(HostileText body) => Apply(Apply(body.Value, First), Second) == Apply(body.Value, Second);

    [Property]
    public bool The_Section_Reads_Back(HostileText body) => Read(Apply(body.Value, First)) is { } content && content.EndsWith(First, StringComparison.Ordinal);

    [Property]
    public bool Text_A_Person_Adds_Around_The_Section_Survives_Replacing_It(HostileText body, HostileText before, HostileText after)
    {
        string edited = $"{before.Value}{Apply(body.Value, First)}{after.Value}";
        string replaced = Apply(edited, Second);
        return replaced.StartsWith(before.Value + body.Value, StringComparison.Ordinal) && replaced.EndsWith(after.Value, StringComparison.Ordinal) && Count(replaced, "## Second") == 1;
    }

    [Property]
    public bool The_Section_Is_Known_Again_After_An_Editor_Changed_All_Line_Ends(HostileText body)
    {
        string text = body.Value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', ' ');
        string original = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        string windows = Apply(text, First).Replace("\n", "\r\n", StringComparison.Ordinal);
        return Remove(windows) == original && Count(Apply(windows, Second), "## ") == Count(original, "## ") + 1;
    }

    [Property(MaxTest = 50)]
    public bool A_Content_That_Fits_The_Room_Keeps_The_Body_Within_The_Limit(HostileText body)
    {
        string text = string.Concat(Enumerable.Repeat(body.Value, 40));
        GuidanceSpace room = GuidanceSection.GetAvailableSpace(text, Issue, Domain.Markers);
        string content = string.Concat(Enumerable.Repeat("line\n", (room.Characters / (4 + room.NewLine.Length)) + 1)).TrimEnd('\n');
        while (!room.Fits(content))
        {
            content = content[..^1];
        }

        return Apply(text, content).Length is <= GuidanceSection.MaxBodyLength and > GuidanceSection.MaxBodyLength - 100;
    }

    [Theory]
    [InlineData("a\nb", "\n")]
    [InlineData("a\r\nb\r\nc\n", "\r\n")]
    [InlineData("", "\n")]
    [InlineData("a", "\n")]
    public void The_Section_Uses_The_Line_Ends_Of_Most_Of_The_Text(string body, string newLine)
    {
        string added = Apply(body, First)[body.Length..];

        Assert.Equal(newLine == "\r\n", added.Contains("\r\n", StringComparison.Ordinal));
        Assert.Equal(Count(added, newLine), added.Count(c => c == '\n'));
    }

    [Fact]
    public void A_Strangers_Mark_Is_Only_Text()
    {
        string forged = Apply("theirs", "## Forged", IssueRef.Parse("acme/site#13"));
        string guess = $"<!-- sitemonitor:guidance:begin {new string('0', 32)} 5 {new string('0', 32)} -->\nhello\n<!-- sitemonitor:guidance:end {new string('0', 32)} -->";
        foreach (string body in (string[])[forged, guess, GuidanceSection.Apply("x", First, Issue, new GuidanceMarkers("another key"))])
        {
            Assert.Null(Read(body));
            Assert.StartsWith(body, Apply(body, First), StringComparison.Ordinal);
            Assert.Equal(body, Remove(Apply(body, First)));
        }
    }

    [Fact]
    public void Repository_Names_Are_One_In_Any_Case() =>
        Assert.Equal("text", GuidanceSection.Remove(Apply("text", First), IssueRef.Parse("ACME/Site#12"), Domain.Markers));

    [Fact]
    public void Copies_Of_Our_Section_Are_Taken_Out_And_One_Remains()
    {
        string ours = Apply("text", First);
        string copied = $"{ours}\n\nquoting:\n\n{ours["text\n\n".Length..]}";

        string replaced = Apply(copied, Second);

        Assert.Equal(0, Count(replaced, "## First"));
        Assert.Equal(1, Count(replaced, "## Second"));
        Assert.Contains("quoting:", replaced, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Section_A_Person_Edited_Is_Replaced_Not_Doubled()
    {
        string edited = Apply("text", First).Replace("- two", "- two and a half", StringComparison.Ordinal);

        Assert.Equal(Apply("text", Second), Apply(edited, Second));
    }

    [Fact]
    public void Lines_A_Person_Adds_At_The_Sections_End_Survive()
    {
        string edited = Apply("text", First).Replace("- two", "- two\n- mine", StringComparison.Ordinal);

        string replaced = Apply(edited, Second);

        Assert.Contains("- mine", replaced, StringComparison.Ordinal);
        Assert.Equal(0, Count(replaced, "## First"));
        Assert.Equal(replaced, Apply(replaced, Second));
    }

    [Fact]
    public void A_Section_That_Lost_Its_Closing_Mark_Is_Still_Known_By_Its_Seal()
    {
        string whole = Apply("text", First);
        string cut = whole[..whole.LastIndexOf("<!--", StringComparison.Ordinal)] + "\nmine";

        string replaced = Apply(cut, Second);

        Assert.Equal(0, Count(replaced, "## First"));
        Assert.EndsWith("mine", replaced, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Edited_Section_Without_A_Closing_Mark_Is_Left_As_Text_Since_Nobody_Knows_Where_It_Ends()
    {
        string whole = Apply("text", First).Replace("- two", "mine", StringComparison.Ordinal);
        string cut = whole[..whole.LastIndexOf("<!--", StringComparison.Ordinal)];

        string once = Apply(cut, Second);

        Assert.StartsWith(cut, once, StringComparison.Ordinal);
        Assert.Equal(once, Apply(once, Second));
    }

    [Theory]
    [InlineData("~~~~\ncode", "~~~~\n\n")]
    [InlineData("```md\n~~~\n", "```\n\n")]
    [InlineData("```\na\n````", "")]
    [InlineData("    ```\nindented", "")]
    [InlineData("``` a`b", "")]
    [InlineData("<pre>\nx", "</pre>\n\n")]
    [InlineData("<SCRIPT>\nx</script>", "")]
    [InlineData("<!-- never closed", "")]
    [InlineData("<!-- hidden\n```\n--> shown", "")]
    [InlineData("<![CDATA[ x", "]]>\n\n")]
    [InlineData("<details><summary>s</summary>\n\nx", "</details>\n\n")]
    [InlineData("<details>\n</details>", "")]
    [InlineData("plain", "")]
    [InlineData("- item\n  ```\n  code", "")]
    [InlineData("- item\n  ```\n  code\n    ```", "")]
    [InlineData("> ```\n> quoted", "")]
    [InlineData("<prefoo>\n\n```\ncode", "```\n\n")]
    [InlineData("    <!-- x\n\n~~~\ncode", "~~~\n\n")]
    [InlineData("    <pre>\n\n```\ncode\n```", "")]
    [InlineData("Write `<details>` around it", "")]
    [InlineData("Write ``<details>` and <del>`` around it", "")]
    [InlineData("```\n<details>\n```", "")]
    [InlineData("<!-- <details> -->", "")]
    [InlineData("<?php", "?>\n\n")]
    [InlineData("see <a href=\"https://evil.example\">this", "</a>\n\n")]
    [InlineData("see <a href='https://evil.example'>this</a>", "")]
    [InlineData("x <DEL>y <b>z", "</b>\n</del>\n\n")]
    [InlineData("<div align=center>\n\n<details>\n\nx <kbd>y</kbd>", "</details>\n</div>\n\n")]
    [InlineData("<del>\n```\ncode", "</del>\n\n")]
    [InlineData("<del>\n\n```\ncode", "```\n\n</del>\n\n")]
    [InlineData("<br> <img src=x> <hr>", "")]
    [InlineData("<details title=\"open", "</div \"'>\n</details>\n\n")]
    [InlineData("a < b and c > d", "")]
    public void What_The_Text_Leaves_Open_Is_Closed_Before_Our_Words(string body, string closer)
    {
        Assert.Equal(closer, UnclosedBlocks.GetClosingText(body));
        Assert.Equal(closer + First, Read(Apply(body, First)));
    }

    [Property(MaxTest = 2000)]
    public bool Whatever_The_Text_Our_Heading_Is_Read_As_A_Heading_And_The_Text_Is_Kept(MarkdownText body)
    {
        string applied = Apply(body.Value, First);
        return applied.StartsWith(body.Value, StringComparison.Ordinal)
            && Remove(applied) == body.Value
            && Markdig.Markdown.Parse(applied).OfType<HeadingBlock>().Any(h => h.Level == 2 && h.Inline?.FirstChild is LiteralInline { Content: var words } && words.ToString() == "First")
            && IsSettled(body.Value);
    }

    [Theory]
    [InlineData("<details>", 300)]
    [InlineData("<details>", 2000)]
    [InlineData("<div>", 1000)]
    [InlineData("<b>", 5000)]
    public void However_Many_Elements_The_Text_Opens_All_Are_Closed_Before_Our_Words(string tag, int count)
    {
        string body = string.Concat(Enumerable.Repeat($"{tag}\n", count));

        string written = GuidanceSection.Apply(body, "words", Issue, Domain.Markers);

        Assert.Equal(count, written[..written.IndexOf("words", StringComparison.Ordinal)].Split(tag.Insert(1, "/")).Length - 1);
        Assert.Equal(GuidanceSection.MaxBodyLength - written.Length > 0, GuidanceSection.GetAvailableSpace(body, Issue, Domain.Markers).Characters > 0);
    }

    [Fact]
    public void A_Text_Nested_As_Deep_As_It_Can_Be_Hides_Nothing()
    {
        foreach (string deep in (string[])
        [
            string.Concat(Enumerable.Repeat("> ", 20_000)),
            string.Concat(Enumerable.Repeat("- ", 20_000)),
            string.Concat(Enumerable.Range(0, 250).Select(i => $"{new string(' ', i * 2)}- x\n")),
            string.Concat(Enumerable.Range(0, 200).Select(i => $"{new string('\t', i)}- x\n")),
            string.Concat(Enumerable.Repeat("<b>", 10_000)),
            new string('[', 60_000),
            string.Concat(Enumerable.Repeat("*a ", 20_000)),
        ])
        {
            string closer = UnclosedBlocks.GetClosingText($"{deep}\n\n```\ncode");

            Assert.StartsWith("```\n\n", closer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_Body_Full_Of_Copied_Marks_Is_Read_In_Bounded_Time()
    {
        string mark = Apply("", First).Split('\n')[0].Replace($" {First.Length} ", " 60000 ", StringComparison.Ordinal);
        string body = string.Concat(Enumerable.Repeat(mark + "\n", 65_536 / mark.Length));
        long before = System.Diagnostics.Stopwatch.GetTimestamp();

        Assert.Equal(body, Remove(body));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(before) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(" 20 ", " 2x ")]
    [InlineData(" 20 ", " 1234567 ")]
    [InlineData(" -->\n#", " ->\n#")]
    public void A_Mark_That_Is_Not_Whole_Is_Only_Text(string part, string broken)
    {
        string body = Apply("text", "## First\n\n- one, two");
        string damaged = body.Replace(part, broken, StringComparison.Ordinal);

        Assert.NotEqual(body, damaged);
        Assert.Equal(damaged, Remove(damaged));
        Assert.StartsWith(damaged, Apply(damaged, Second), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Body_That_Ends_Inside_A_Mark_Is_Only_Text()
    {
        string mark = Apply("", First).Split('\n')[0];
        for (int length = 1; length < mark.Length; length++)
        {
            Assert.Equal(mark[..length], Remove(mark[..length]));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("       ")]
    [InlineData("short")]
    public void A_Secret_That_Is_Too_Short_Is_Refused(string secret) => Assert.Throws<ArgumentException>(() => new GuidanceMarkers(secret));

    /// <summary>Whether nothing is open behind the closers; a tag that was cut off is cut off still.</summary>
    private static bool IsSettled(string body) =>
        UnclosedBlocks.GetClosingText(body) is var closer && (closer.Contains('"', StringComparison.Ordinal) || UnclosedBlocks.GetClosingText($"{body}\n\n<!-- mark -->\n{closer}").Length == 0);

    private static string Apply(string body, string content) => Apply(body, content, Issue);

    private static string Apply(string body, string content, IssueRef issue) => GuidanceSection.Apply(body, content, issue, Domain.Markers);

    private static string Remove(string body) => GuidanceSection.Remove(body, Issue, Domain.Markers);

    private static string? Read(string body) => GuidanceSection.Read(body, Issue, Domain.Markers);

    private static int Count(string text, string piece) => text.Split(piece).Length - 1;
}
