using FsCheck.Xunit;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

[Properties(Arbitrary = [typeof(HostileText)])]
public sealed class SlugTests
{
    [Theory]
    [InlineData("New banner on acme.example!", "new-banner-on-acme-example")]
    [InlineData("  --Zürich & Łódź: Straßenfest", "zuerich-lodz-strassenfest")]
    [InlineData("L'Oréal’s site", "loreals-site")]
    [InlineData("日本語のページ", "issue-12")]
    [InlineData("Взлом сайта", "issue-12")]
    [InlineData("", "issue-12")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("ab", "issue-12")]
    public void OfTitle_IsASafePartOfAPath(string title, string slug) => Assert.Equal(slug, Slug.FromTitle(title, 12));

    [Fact]
    public void OfTitle_OfALongTitle_EndsWithAWholeWord()
    {
        string slug = Slug.FromTitle(string.Join(' ', Enumerable.Repeat("monitoring", 20)), 12);

        Assert.Equal("monitoring-monitoring-monitoring-monitoring-monitoring", slug);
        Assert.Equal(60, Slug.FromTitle(new string('x', 500), 12).Length);
    }

    [Property]
    public bool OfTitle_OfAnything_HasTheShapeOfASlug(HostileText title) =>
        System.Text.RegularExpressions.Regex.IsMatch(Slug.FromTitle(title.Value, 12), "^[a-z0-9]+(-[a-z0-9]+)*$") && Slug.FromTitle(title.Value, 12).Length <= 60;
}
