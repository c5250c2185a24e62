using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Tests.Core;

namespace SiteMonitor.Tests.Security;

/// <summary>A title cannot aim the deliverable at another file: the issue's number makes the path, the title only decorates it.</summary>
public sealed class TitlePathTests
{
    public static TheoryData<string> Titles =>
    [
        "../../.github/workflows/ci", "..\\..\\x", "/etc/passwd", "C:\\Windows", ".github/workflows/ci.yml", "CON", "docs/osint/issue-1-existing", "", "   ",
        "\u0000\u0007", "аdmin", "％２e％２e", "a\nb: c", "`rm -rf`", "$(curl x)", "🤖🤖🤖", "issue-12", "-", "--force", new string('a', 256), "x\u202Egpj.exe", "ﬁle", "İstanbul", "ß", "日本語のタイトル",
    ];

    [Theory]
    [MemberData(nameof(Titles))]
    public void The_Path_Is_The_Catalogues_With_The_Issues_Number(string title)
    {
        foreach (Specialist specialist in Domain.Catalogue.Specialists)
        {
            string first = Guidance.DeliverablePath(specialist, IssueBuilder.Discovered.WithTitle(title).WithNumber(12).Build());
            string second = Guidance.DeliverablePath(specialist, IssueBuilder.Discovered.WithTitle(title).WithNumber(1).Build());

            Assert.Matches("^docs/[a-z]+/issue-12(-[a-z0-9]+)*\\.md$", first);
            Assert.True(first.Length < 140, first);
            Assert.NotEqual(first, second);
            Assert.NotEqual(first, Guidance.DeliverablePath(specialist, IssueBuilder.Discovered.WithTitle($"2-{title}").WithNumber(1).Build()));
        }
    }

    /// <summary>However two titles are chosen, the paths of two issues differ.</summary>
    [FsCheck.Xunit.Property(MaxTest = 500)]
    public bool Two_Issues_Never_Share_A_Path(string? one, string? other, int first, int second)
    {
        int a = Math.Abs(first % 10_000) + 1;
        int b = Math.Abs(second % 10_000) + 1;
        return a == b || Slug.FromIssue(a, one ?? string.Empty) != Slug.FromIssue(b, other ?? string.Empty);
    }
}
