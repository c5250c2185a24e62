using System.Reflection;
using System.Text.RegularExpressions;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Every defence that docs/security.md claims is shown by a test.</summary>
public sealed partial class SecurityReferenceTests
{
    private static readonly string Text = RepositoryRoot.Read("docs", "security.md").ReplaceLineEndings("\n");

    [Fact]
    public void Every_Test_That_Is_Named_Exists()
    {
        HashSet<string> tests = [.. typeof(SecurityReferenceTests).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(m => $"{t.Name}.{m.Name}"))];
        string[] named = [.. TestPattern().Matches(Text).Select(m => m.Groups[1].Value)];

        Assert.True(named.Length > 30, $"Only {named.Length} tests are named.");
        Assert.DoesNotContain(named, n => !tests.Contains(n));
    }

    [Fact]
    public void Every_Threat_Has_A_Test()
    {
        string model = Text[Text.IndexOf("## Threat model", StringComparison.Ordinal)..Text.IndexOf("## Permissions", StringComparison.Ordinal)];
        string[] rows = [.. model.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| threat", StringComparison.Ordinal))];

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches(TestPattern(), row));
    }

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestPattern();
}
