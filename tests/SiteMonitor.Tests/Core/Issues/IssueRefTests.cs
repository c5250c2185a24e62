using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Core.Issues;

public sealed class IssueRefTests
{
    [Theory]
    [InlineData("acme/site#12", "acme/site#12", "acme:site:12")]
    [InlineData("ACME/Web.Site_2-x#1", "acme/web.site_2-x#1", "acme:web.site_2-x:1")]
    [InlineData("corp_user/.github#2147483647", "corp_user/.github#2147483647", "corp_user:.github:2147483647")]
    public void Names_Of_Every_Legal_Shape_Parse_And_Are_One_In_Any_Case(string text, string canonical, string instance)
    {
        IssueRef issue = IssueRef.Parse(text);

        Assert.Equal(canonical, issue.Canonical);
        Assert.Equal(instance, issue.InstanceId);
        Assert.Equal(text, issue.ToString());
        Assert.Equal(IssueRef.Parse(text.ToUpperInvariant()), issue);
        Assert.Equal(IssueRef.Parse(text.ToUpperInvariant()).GetHashCode(), issue.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("acme/site")]
    [InlineData("acme#12")]
    [InlineData("acme/site#0")]
    [InlineData("acme/site#-1")]
    [InlineData("acme/site# 1")]
    [InlineData("acme/site#1.0")]
    [InlineData("acme/site#2147483648")]
    [InlineData("acme/site/x#1")]
    [InlineData("acme/..#1")]
    [InlineData("-acme/site#1")]
    [InlineData("acme/si te#1")]
    [InlineData("acme/site#1#2")]
    public void Anything_Else_Is_Refused(string? text)
    {
        Assert.False(IssueRef.TryParse(text, out _));
        if (text is not null)
        {
            Assert.Contains("write owner/name#12", Assert.Throws<FormatException>(() => IssueRef.Parse(text)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_Long_Name_Gives_An_Instance_Id_Of_96_Characters_That_Stays_Unique()
    {
        string owner = new('o', 39);
        IssueRef one = new(new RepositoryRef(owner, new string('r', 100)), 1);
        IssueRef two = one with { Number = 2 };

        Assert.Equal(96, one.InstanceId.Length);
        Assert.Equal('~', one.InstanceId[75]);
        Assert.NotEqual(one.InstanceId, two.InstanceId);
        Assert.Equal(one.InstanceId, IssueRef.Parse(one.ToString().ToUpperInvariant()).InstanceId);
    }

    [Fact]
    public void A_Repository_Name_That_Is_Too_Long_Is_Refused()
    {
        Assert.False(RepositoryRef.TryParse($"{new string('o', 40)}/r", out _));
        Assert.False(RepositoryRef.TryParse($"o/{new string('r', 101)}", out _));
        Assert.Contains("write owner/name", Assert.Throws<FormatException>(() => RepositoryRef.Parse("nonsense")).Message, StringComparison.Ordinal);
    }
}
