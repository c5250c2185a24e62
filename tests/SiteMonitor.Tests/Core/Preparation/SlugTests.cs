using FsCheck.Xunit;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

[Properties(Arbitrary = [typeof(HostileText)])]
public sealed class SlugTests
{
    [Theory]
    [InlineData("New banner on acme.example!", "issue-12-new-banner-on-acme-example")]
    [InlineData("  --Zürich & Łódź: Straßenfest", "issue-12-zuerich-lodz-strassenfest")]
    [InlineData("L'Oréal’s site", "issue-12-loreals-site")]
    [InlineData("日本語のページ", "issue-12")]
    [InlineData("Взлом сайта", "issue-12")]
    [InlineData("", "issue-12")]
    [InlineData("../../etc/passwd", "issue-12-etc-passwd")]
    [InlineData("ab", "issue-12")]
    public void FromIssue_IsASafePartOfAPath(string title, string slug) => Assert.Equal(slug, Slug.FromIssue(12, title));

    [Theory]
    [InlineData(1, "2 report", 12, "report")]
    [InlineData(7, "Quarterly report", 8, "Quarterly report")]
    [InlineData(1, "issue-2", 12, "")]
    [InlineData(1, "1", 11, "")]
    [InlineData(2, "issue 12 x", 212, "x")]
    public void FromIssue_OfTwoIssues_IsNeverTheSame(int number, string title, int other, string otherTitle) =>
        Assert.NotEqual(Slug.FromIssue(number, title), Slug.FromIssue(other, otherTitle));

    [Fact]
    public void FromIssue_OfALongTitle_EndsWithAWholeWord()
    {
        string slug = Slug.FromIssue(12, string.Join(' ', Enumerable.Repeat("monitoring", 20)));

        Assert.Equal("issue-12-monitoring-monitoring-monitoring-monitoring-monitoring", slug);
        Assert.Equal("issue-12-".Length + 60, Slug.FromIssue(12, new string('x', 500)).Length);
    }

    [Property]
    public bool FromIssue_OfAnything_HasTheShapeOfASlugWithTheNumber(HostileText title) =>
        System.Text.RegularExpressions.Regex.IsMatch(Slug.FromIssue(12, title.Value), "^issue-12(-[a-z0-9]+)*$") && Slug.FromIssue(12, title.Value).Length <= 70;
}
