using System.Globalization;
using FsCheck.Xunit;
using Markdig;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

[Properties(Arbitrary = [typeof(HostileText)], MaxTest = 500)]
public sealed class TextSanitizerTests
{
    private static readonly System.Buffers.SearchValues<char> Acting = System.Buffers.SearchValues.Create("@#<>[]{}`*_~|\\\r\n\t");

    private static readonly MarkdownPipeline GitHubLike = new MarkdownPipelineBuilder().UseAdvancedExtensions().Build();

    [Theory]
    [InlineData("Acme GmbH & Co. KG (Berlin)", "Acme GmbH & Co. KG (Berlin)")]
    [InlineData("ping @octocat and @org/team", "ping octocat and org/team")]
    [InlineData("Fixes #12, closes a/b#3, resolves GH-4, gh-5", "Fixes 12, closes a/b 3, resolves GH 4, GH 5")]
    [InlineData("see https://evil.example/x?y=1", "see https evil.example/x?y 1")]
    [InlineData("www.evil.example WWW.x", "www evil.example www x")]
    [InlineData("mail a@b.example or mailto:c@d.example", "mail a b.example or mailto c d.example")]
    [InlineData("<b>bold</b> <!-- hidden --> `code` **x** _y_", "b bold /b !-- hidden -- code x y")]
    [InlineData("line\r\n# heading\n\n- item", "line heading - item")]
    [InlineData("re\u202Everse\u200Bd\u2066x\u00ADy", "reversedxy")]
    [InlineData("w\u200Bww.evil.example", "www evil.example")]
    [InlineData("🕵️ 日本語 Привет", "日本語 Привет")]
    [InlineData("\u3164\u115Fx", "x")]
    [InlineData("\uD83D broken", "broken")]
    [InlineData("@#<>", "")]
    [InlineData("&commat;octocat fixes &num;12, AT&T;", "& commat;octocat fixes & num;12, AT& T;")]
    [InlineData("R&D, Fish & Chips; &;", "R&D, Fish & Chips; &;")]
    public void Only_Harmless_Characters_Stay(string text, string expected) => Assert.Equal(expected, TextSanitizer.SanitizeLine(text, 200));

    [Property]
    public bool Nothing_That_Acts_Is_Left(HostileText text)
    {
        string line = TextSanitizer.SanitizeLine(text.Value, 200);
        return line.Length <= 200
            && !line.AsSpan().ContainsAny(Acting)
            && !line.Contains("://", StringComparison.Ordinal)
            && !line.Contains("www.", StringComparison.OrdinalIgnoreCase)
            && !line.Contains("GH-", StringComparison.OrdinalIgnoreCase)
            && line == line.Trim()
            && line.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar && Rune(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse));
    }

    [Property]
    public bool Doing_It_Twice_Changes_Nothing(HostileText text) => TextSanitizer.SanitizeLine(TextSanitizer.SanitizeLine(text.Value, 100), 100) == TextSanitizer.SanitizeLine(text.Value, 100);

    [Theory]
    [InlineData("&commat;octocat")]
    [InlineData("closes &num;12")]
    [InlineData("https&colon;&sol;&sol;evil.example")]
    [InlineData("&&commat;x &amp;commat;x &amp;amp;")]
    public void A_Markdown_Renderer_Reads_No_Sign_By_Its_Name(string text)
    {
        string line = TextSanitizer.SanitizeLine(text, 200);

        Assert.Equal(line, System.Net.WebUtility.HtmlDecode(Markdown.ToHtml(line, GitHubLike)[3..^5]));
    }

    [Property]
    public bool A_Markdown_Renderer_Makes_Plain_Text_Of_It(HostileText text)
    {
        string html = Markdown.ToHtml($"- x {TextSanitizer.SanitizeLine(text.Value, 200)}", GitHubLike);
        return html.Split('<').Skip(1).All(tag => tag.Split('>')[0] is "ul" or "/ul" or "li" or "/li");
    }

    [Fact]
    public void A_Huge_Text_Costs_No_More_Than_What_Can_Stay() =>
        Assert.Equal("aaaaaaaaa…", TextSanitizer.SanitizeLine(new string('a', 5_000_000), 10));

    private static UnicodeCategory Rune(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune);
}
