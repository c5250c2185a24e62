using FsCheck.Xunit;
using Markdig;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Preparation;

public sealed class GuidanceTests
{
    private static readonly GuidanceSpace Plenty = new(60_000, "\n");

    [Fact]
    public void Guidance_Has_All_Its_Parts_In_Order()
    {
        IssueSnapshot issue = IssueBuilder.Discovered.WithTitle("Phishing against Contoso").WithNumber(42).Build();
        EntitySet entities = new() { Organisations = ["Contoso Ltd"], Cves = ["CVE-2024-3094", "CVE-2023-1234"] };

        string text = Guidance.Compose(issue, [Find("osint-researcher")], entities, Plenty).Section;

        string[] parts =
        [
            "## 🤖 Copilot Processing Instructions",
            "**Assigned specialists:** OSINT Researcher (`osint-researcher`)",
            "### OSINT Researcher",
            "`docs/osint/issue-42-phishing-against-contoso-osint-profile.md`",
            "**Template:** `templates/osint-profile.md`",
            "1. Research summary\n2. Digital footprint",
            "#### Content requirements",
            "#### Focus areas",
            "> - Organisations: `Contoso Ltd`\n> - Vulnerabilities: `CVE-2024-3094`; `CVE-2023-1234`",
            "#### Quality bar\n\n- At least 800 words",
            "- Recommendations\n- Sources for every finding",
            "- [ ] Work on the branch `specialist/osint-researcher/issue-42`",
            "- [ ] Commit",
            "`Fixes #42`",
        ];
        int[] places = [.. parts.Select(part => text.IndexOf(part, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain("executive summary", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Each_Specialist_Has_Its_Part_And_They_Share_One_Branch()
    {
        string text = Guidance.Compose(IssueBuilder.Discovered.Build(), Domain.Catalogue.Specialists, EntitySet.Empty, Plenty).Section;

        Assert.All(Domain.Catalogue.Specialists, specialist => Assert.Contains($"### {specialist.Name}", text, StringComparison.Ordinal));
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(text, "specialist/"));
        Assert.DoesNotContain("Focus areas", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Static_Guidance_Differs_By_The_Focus_Areas_Only()
    {
        IssueSnapshot issue = IssueBuilder.Discovered.Build();
        Specialist[] specialists = [Find("target-profiler")];

        string unified = Guidance.Compose(issue, specialists, new EntitySet { Places = ["Berlin"] }, Plenty).Section;
        string legacy = Guidance.Compose(issue, specialists, entities: null, Plenty).Section;

        int start = unified.IndexOf("#### Focus areas", StringComparison.Ordinal);
        int end = unified.IndexOf("#### Quality bar", StringComparison.Ordinal);
        Assert.Equal(legacy, unified.Remove(start, end - start));
    }

    [Fact]
    public void No_Guidance_Hides_In_A_Comment() =>
        Assert.DoesNotContain("<!--", Guidance.Compose(IssueBuilder.Discovered.Build(), Domain.Catalogue.Specialists, null, Plenty).Section, StringComparison.Ordinal);

    [Theory]
    [InlineData(4_000, "\n")]
    [InlineData(3_000, "\r\n")]
    [InlineData(2_000, "\n")]
    [InlineData(900, "\n")]
    [InlineData(250, "\n")]
    [InlineData(10, "\n")]
    [InlineData(0, "\r\n")]
    public void What_Does_Not_Fit_Goes_Into_The_Comment_And_Nothing_Is_Lost(int characters, string newLine)
    {
        IssueSnapshot issue = IssueBuilder.Discovered.Build();
        EntitySet entities = new() { Places = ["Berlin"] };
        GuidanceSpace room = new(characters, newLine);

        GuidanceText shortened = Guidance.Compose(issue, Domain.Catalogue.Specialists, entities, room);

        Assert.True(room.Fits(shortened.Section));
        Assert.NotEmpty(shortened.Overflow);
        Assert.True(shortened.Section.Length == 0 || shortened.Section.Contains("SiteMonitor's comment", StringComparison.Ordinal));
        string whole = Guidance.Compose(issue, Domain.Catalogue.Specialists, entities, Plenty).Section;
        string both = $"{shortened.Section}\n{shortened.Overflow}";
        Assert.All(whole.Split('\n').Distinct(), line => Assert.Contains(line, both, StringComparison.Ordinal));
    }

    [Fact]
    public void The_Least_Important_Parts_Move_First()
    {
        EntitySet entities = new() { Places = ["Berlin"] };
        GuidanceText shortened = Guidance.Compose(IssueBuilder.Discovered.Build(), [Find("osint-researcher")], entities, new GuidanceSpace(1_700, "\n"));

        Assert.Contains("Focus areas", shortened.Overflow, StringComparison.Ordinal);
        Assert.Contains("Quality bar", shortened.Section, StringComparison.Ordinal);
        Assert.Contains("### Checklist", shortened.Section, StringComparison.Ordinal);
    }

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 300)]
    public bool A_Hostile_Issue_Gets_Nothing_Into_The_Guidance_But_Names(HostileText title, HostileText body)
    {
        IssueSnapshot issue = IssueBuilder.Discovered.WithTitle(title.Value).WithBody(body.Value).Build();
        string text = Guidance.Compose(issue, Domain.Catalogue.Specialists, EntityExtractor.Extract($"{title.Value}\n\n{body.Value}", Quotes.Everywhere(title.Value, body.Value, "Acme GmbH", "@octocat")), Plenty).Section;
        string html = Markdown.ToHtml(text);
        return !text.Contains('@')
            && !html.Contains("<a ", StringComparison.Ordinal)
            && !html.Contains("<img", StringComparison.Ordinal)
            && !text.Contains("<!--", StringComparison.Ordinal)
            && text.Split("Fixes #").Length == 2
            && text.Split("\n#").Length == Guidance.Compose(issue, Domain.Catalogue.Specialists, new EntitySet { Cves = ["x"] }, Plenty).Section.Split("\n#").Length - (text.Contains("Focus", StringComparison.Ordinal) ? 0 : Domain.Catalogue.Specialists.Count);
    }

    private static Specialist Find(string label) => Domain.Catalogue.Find(label)!;
}
