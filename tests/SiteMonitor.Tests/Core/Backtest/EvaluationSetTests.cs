using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Backtest;

/// <summary>
/// Checks the built-in set of labelled findings. A reason that begins with <c>Hostile:</c> marks a text that tries to steer the model,
/// one that begins with <c>Hard:</c> a text whose right answer is easily missed.
/// </summary>
public sealed partial class EvaluationSetTests
{
    private const int ShingleLength = 6;
    private const double MaxSimilarity = 0.2;

    private static readonly IReadOnlyList<string> Specialists = CatalogueLoader.BuiltIn.Labels;

    [Fact]
    public async Task It_Is_An_Anonymised_Export_Numbered_In_The_Order_Of_Arrival()
    {
        (ExportHeader header, List<IssueHistory> findings) = await ReadAsync();

        Assert.Equal("octo-org/evaluation-set", header.Repository);
        Assert.True(header.IsAnonymised);
        Assert.Equal(Enumerable.Range(1, findings.Count), findings.Select(f => f.Number));
        Assert.Equal(findings.Select(f => f.CreatedAt).Order(), findings.Select(f => f.CreatedAt));
        Assert.True(findings[^1].CreatedAt - header.Since <= TimeSpan.FromDays(90));
        Assert.True(findings[0].CreatedAt >= header.Since);
        Assert.All(findings, f => Assert.Matches(Pseudonym, f.Author));
        Assert.All(findings.SelectMany(f => f.LabelEvents), e => Assert.Matches(Pseudonym, e.By));
    }

    [Fact]
    public async Task It_Covers_Specialists_Languages_And_Attacks()
    {
        (_, List<IssueHistory> findings) = await ReadAsync();

        Assert.True(findings.Count >= 150);
        Assert.All(Specialists, s => Assert.True(findings.Count(f => f.Labels.Contains(s)) >= 25, s));
        Assert.True(findings.Count(f => SpecialistsOf(f).Count >= 2) >= 12);
        Assert.True(findings.Count(f => SpecialistsOf(f).Count == 0) >= 25);
        Assert.True(findings.Count(f => IsHostile(f) && SpecialistsOf(f).Count == 0) >= 8);
        Assert.True(findings.Count(f => IsHostile(f) && SpecialistsOf(f).Count > 0) >= 8);
        Assert.True(findings.Count(IsHostile) >= 20);
        Assert.True(findings.Count(f => f.Why.StartsWith("Hard: ", StringComparison.Ordinal)) >= 15);
        Assert.True(findings.Count(f => !IsHostile(f) && (f.Title + f.Body).Count(IsForeignLetter) >= 3) >= 50);
    }

    [Fact]
    public async Task Labels_Are_What_People_Set_And_How_The_Finding_Was_Closed()
    {
        (_, List<IssueHistory> findings) = await ReadAsync();

        Assert.All(findings, finding =>
        {
            List<LabelEvent> opening = [.. finding.LabelEvents.Where(e => e.At == finding.CreatedAt)];
            List<LabelEvent> decision = [.. finding.LabelEvents.Where(e => e.At > finding.CreatedAt)];
            Assert.All(finding.LabelEvents, e => Assert.True(e.IsAdded));
            Assert.Equal(finding.Labels.Order(), finding.LabelEvents.Select(e => e.Label).Order());
            Assert.Contains(WorkflowLabels.SiteMonitor, opening.Select(e => e.Label));
            Assert.DoesNotContain(opening, e => Specialists.Contains(e.Label));
            Assert.All(decision, e => Assert.True(Specialists.Contains(e.Label) && !e.IsByBot, e.Label));
            Assert.Equal(decision.Count == 0 ? CloseReason.NotPlanned : CloseReason.Completed, finding.ClosedAs);
            Assert.True(finding.ClosedAt > finding.LabelEvents[^1].At);
        });
    }

    [Fact]
    public async Task Every_Finding_Has_A_Reason_And_A_Text_Of_Bounded_Length()
    {
        (_, List<IssueHistory> findings) = await ReadAsync();

        Assert.All(findings, f =>
        {
            Assert.EndsWith(".", f.Why, StringComparison.Ordinal);
            Assert.InRange(f.Why.Length, 20, 250);
            Assert.InRange(f.Title.Length, 3, 256);
            Assert.InRange(f.Body.Length, 40, 3000);
        });
        Assert.Equal(findings.Count, findings.Select(f => f.Why).Distinct().Count());
    }

    [Fact]
    public async Task No_Text_Is_There_Twice_Or_Nearly_Twice()
    {
        (_, List<IssueHistory> findings) = await ReadAsync();
        List<HashSet<string>> shingles = [.. findings.Select(f => ShinglesOf(f.Title + f.Body))];

        for (int i = 0; i < findings.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double similarity = Similarity(shingles[i], shingles[j]);
                Assert.True(similarity <= MaxSimilarity, $"{findings[j].Number} and {findings[i].Number} are alike: {similarity:0.00}.");
            }
        }
    }

    [Fact]
    public void A_Text_With_A_Few_Words_Changed_Counts_As_Nearly_The_Same()
    {
        const string text = "The monitored page of the port authority names a new operator, who owns it and on whom does it depend?";

        double similarity = Similarity(ShinglesOf(text), ShinglesOf(text.Replace("port", "lock").Replace("names", "lists")));

        Assert.True(similarity > MaxSimilarity);
    }

    [Fact]
    public async Task Addresses_And_Links_Are_Reserved_For_Documentation()
    {
        (_, List<IssueHistory> findings) = await ReadAsync();

        Assert.All(findings, f =>
        {
            string text = $"{f.Title}\n{f.Body}";
            Assert.All(AddressPattern.Matches(text), m => Assert.True(IsDocumentation(IPAddress.Parse(m.Value)), m.Value));
            Assert.All(HostPattern.Matches(text), m => Assert.EndsWith("example", m.Groups["host"].Value, StringComparison.Ordinal));
        });
    }

    [GeneratedRegex(@"\Aperson-[0-9]{2}\z")]
    private static partial Regex Pseudonym { get; }

    [GeneratedRegex(@"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b")]
    private static partial Regex AddressPattern { get; }

    // After a scheme, "//", "@" before a domain, or defanged.
    [GeneratedRegex(@"(?://|@)(?<host>[\w-]+(?:(?:\.|\[\.\])[\w-]+)+)|(?<host>[\w-]+\[\.\][\w-]+)")]
    private static partial Regex HostPattern { get; }

    private static bool IsHostile(IssueHistory finding) => finding.Why.StartsWith("Hostile: ", StringComparison.Ordinal);

    private static IReadOnlyList<string> SpecialistsOf(IssueHistory finding) => [.. finding.Labels.Where(Specialists.Contains)];

    private static bool IsForeignLetter(char c) => c > 127 && char.IsLetter(c);

    // RFC 5737: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24.
    private static bool IsDocumentation(IPAddress address) =>
        address.GetAddressBytes() is [192, 0, 2, _] or [198, 51, 100, _] or [203, 0, 113, _];

    private static HashSet<string> ShinglesOf(string text)
    {
        string letters = string.Concat(text.Where(char.IsLetterOrDigit)).ToLower(CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(0, Math.Max(0, letters.Length - ShingleLength + 1)).Select(i => letters.Substring(i, ShingleLength))];
    }

    private static double Similarity(HashSet<string> left, HashSet<string> right)
    {
        int common = left.Count(right.Contains);
        return (double)common / (left.Count + right.Count - common);
    }

    private static async Task<(ExportHeader Header, List<IssueHistory> Findings)> ReadAsync()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using TextReader reader = ExportFile.OpenEvaluationSet();
        ExportHeader header = await ExportFile.ReadHeaderAsync(reader, cancellationToken);
        List<IssueHistory> findings = [];
        await foreach (IssueHistory finding in ExportFile.ReadIssuesAsync(reader, cancellationToken))
        {
            findings.Add(finding);
        }

        return (header, findings);
    }
}
