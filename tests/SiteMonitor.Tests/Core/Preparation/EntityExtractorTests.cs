using System.Text;
using FsCheck.Xunit;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

[Properties(Arbitrary = [typeof(HostileText)])]
public sealed class EntityExtractorTests
{
    private static readonly System.Buffers.SearchValues<char> Acting = System.Buffers.SearchValues.Create("@#<>[]{}`*_~|\\\r\n");

    [Theory]
    [InlineData("The breach at Contoso Ltd. was seen", "Contoso Ltd")]
    [InlineData("Die Muster & Söhne GmbH meldet", "Muster & Söhne GmbH")]
    [InlineData("a **Contoso** Ltd notice", "Contoso Ltd")]
    [InlineData("a notice of Contoso\r\nLtd", "Contoso Ltd")]
    [InlineData("Con\u200Btoso Ltd", "Contoso Ltd")]
    [InlineData("сайт ООО «Ромашка Плюс» взломан", "Ромашка Плюс")]
    [InlineData("昨日、株式会社サンプル商事のサイト", "株式会社サンプル商事")]
    [InlineData("서울시가 발표했다", "서울시")]
    [InlineData("مكتب في دبي", "دبي")]
    [InlineData("GitHub said so", "GitHub")]
    [InlineData("Contosoft, then Contoso", "Contoso")]
    public void A_Quote_That_Stands_In_The_Text_Is_Used(string text, string quote) =>
        Assert.Equal([quote], EntityExtractor.Extract(text, Quotes.Everywhere(quote)).Organisations);

    [Theory]
    [InlineData("The breach at Contoso Ltd. was seen", "Fabrikam Ltd")]
    [InlineData("Contosoft Ltd", "Contoso")]
    [InlineData("MyContoso Ltd", "Contoso Ltd")]
    [InlineData("contoso ltd", "Contoso Ltd")]
    [InlineData("Server in München", "Munich")]
    [InlineData("APT290", "APT29")]
    [InlineData("Contoso and Fabrikam", "Contoso Fabrikam")]
    [InlineData("dots ... and dashes - here", "...")]
    [InlineData("", "Contoso")]
    [InlineData("text", "")]
    public void A_Quote_That_Does_Not_Stand_In_It_Word_For_Word_Is_Not(string text, string quote) =>
        Assert.Empty(EntityExtractor.Extract(text, Quotes.Everywhere(quote)).Organisations);

    [Fact]
    public void A_Quote_Of_A_Whole_Sentence_Is_No_Name()
    {
        string text = string.Concat(Enumerable.Repeat("Contoso ", 11)).Trim();

        Assert.Empty(EntityExtractor.Extract(text, Quotes.Everywhere(text)).Organisations);
    }

    [Fact]
    public void Each_Kind_Is_Kept_Apart_And_Nothing_Is_Shown_Twice()
    {
        NamedEntities names = new() { Organisations = ["Contoso", "CONTOSO", "Contoso"], ThreatActors = ["APT28"], People = ["Jane Goodfellow"], Places = ["Berlin"] };

        EntitySet found = EntityExtractor.Extract("CONTOSO: Contoso, hit by APT28, says Jane Goodfellow in Berlin", names);

        Assert.Equal(["Contoso"], found.Organisations);
        Assert.Equal(["APT28"], found.ThreatActors);
        Assert.Equal(["Jane Goodfellow"], found.People);
        Assert.Equal(["Berlin"], found.Places);
    }

    [Fact]
    public void Without_An_Analysis_There_Are_No_Names_But_Patterns()
    {
        EntitySet found = EntityExtractor.Extract("Contoso Ltd, hit by CVE-2024-3094", names: null);

        Assert.Empty(found.Organisations);
        Assert.Equal(["CVE-2024-3094"], found.Cves);
    }

    [Theory]
    [InlineData("see http://login.evil-site.example/path?q=1", "login[.]evil-site[.]example")]
    [InlineData("hxxps://bad[.]domain[.]ru/x and bad(.)shop", "bad[.]domain[.]ru|bad[.]shop")]
    [InlineData("evil[dot]com", "evil[.]com")]
    [InlineData("mail to abuse@provider.co.uk.", "provider[.]co[.]uk")]
    [InlineData("Plain example.com, twice EXAMPLE.com", "example[.]com")]
    [InlineData("сайт пример.рф и xn--e1afmkfd.xn--p1ai", "пример[.]рф|xn--e1afmkfd[.]xn--p1ai")]
    [InlineData("script.py, README.md, node.js, e.g. this, v1.2.3, 10.0.0.1, end.Next", "")]
    [InlineData("https://script.py/", "script[.]py")]
    [InlineData("https://github.com/a/b and raw.githubusercontent.com", "")]
    [InlineData("-bad-.com ..com a..com", "")]
    public void Domains_Are_Found_Also_Defanged_And_Written_Unclickable(string text, string expected) =>
        Assert.Equal(expected, Join(EntityExtractor.Extract(text, null).Domains));

    [Theory]
    [InlineData("from 192.0.2.1 and http://198.51.100.7:8080/x.", "192[.]0[.]2[.]1|198[.]51[.]100[.]7")]
    [InlineData("203[.]0[.]113[.]9, 203.0.113(.)10", "203[.]0[.]113[.]9|203[.]0[.]113[.]10")]
    [InlineData("over 2001:DB8::1 and [2001:db8:0:0:0:0:0:2].", "2001:db8::1|2001:db8:0:0:0:0:0:2")]
    [InlineData("v1.2.3.4, 1.2.3.4.5, 256.1.1.1, 1.2.3, 2024:12:30, std::dead::beef", "")]
    public void Addresses_Are_Found_Also_Defanged(string text, string expected) =>
        Assert.Equal(expected, Join(EntityExtractor.Extract(text, null).Addresses));

    [Theory]
    [InlineData("cve-2024-3094 and CVE–2021–44228", "CVE-2024-3094|CVE-2021-44228")]
    [InlineData("CVE-1998-0001, CVE-2024-12, XCVE-2024-1234", "")]
    public void Vulnerabilities_Are_Found_And_Normalised(string text, string expected) =>
        Assert.Equal(expected, Join(EntityExtractor.Extract(text, null).Cves));

    /// <summary>The model may quote the text, a part of it, another text, and names that it made up.</summary>
    [Property(MaxTest = 1000)]
    public bool No_Entity_Is_Used_That_Is_Not_In_The_Text(HostileText text, HostileText other, byte from, byte length)
    {
        int start = Math.Min(from, text.Value.Length);
        string part = text.Value.Substring(start, Math.Min(length, text.Value.Length - start));
        string letters = Letters(text.Value);

        return EntityExtractor.Extract(text.Value, Quotes.Everywhere(part, other.Value, "Acme GmbH", "APT28", "bold", "Umbral Ledger Holdings", $"{part} Ltd"))
            .GetGroups()
            .All(group => group.Names.All(name => group.Heading is "Domains" or "Vulnerabilities" or "Addresses"
                ? letters.Contains(Letters(name), StringComparison.OrdinalIgnoreCase)
                : letters.Contains(Letters(name), StringComparison.Ordinal)));
    }

    [Property]
    public bool Whatever_Is_Found_Is_Harmless_Short_And_Few(HostileText text, HostileText quote) =>
        EntityExtractor.Extract(text.Value + quote.Value, Quotes.Everywhere(quote.Value, "Acme GmbH", "evil", "@octocat", "Fixes #1")).GetGroups().All(group =>
            group.Names.Count <= EntityExtractor.MaxOfEachKind
            && group.Names.All(name =>
                name.Length is > 0 and <= 200
                && name.Replace("[.]", ".", StringComparison.Ordinal) is var plain
                && !plain.AsSpan().ContainsAny(Acting)
                && !name.Contains("://", StringComparison.Ordinal)));

    [Theory]
    [InlineData("A")]
    [InlineData("Aa ")]
    [InlineData("a.")]
    [InlineData("a.b-")]
    [InlineData("a[.]")]
    [InlineData("CVE-2024-")]
    [InlineData("1.1")]
    [InlineData("2001:")]
    [InlineData("[dot")]
    [InlineData("'")]
    public void Hostile_Repetition_Costs_Linear_Time(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 2_000_000 / piece.Length));
        NamedEntities names = Quotes.Everywhere([.. Enumerable.Range(0, 20).Select(i => text[..(60 + i)])]);
        long before = System.Diagnostics.Stopwatch.GetTimestamp();

        EntityExtractor.Extract(text, names);

        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(before) < TimeSpan.FromSeconds(10));
    }

    private static string Join(IEnumerable<string> names) => string.Join('|', names);

    private static string Letters(string text) =>
        string.Concat(text.EnumerateRunes().Where(Rune.IsLetterOrDigit).Select(rune => rune.ToString()));
}
