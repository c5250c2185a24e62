using System.Globalization;
using System.Text.RegularExpressions;

namespace SiteMonitor.Tests.Core.Reporting;

/// <summary>The rules of the OpenMetrics 1.0 text format that matter to a scraper: families in one piece, TYPE before samples, suffixes by type, units in names, one EOF at the end.</summary>
internal static partial class OpenMetricsCheck
{
    public static void Run(string text)
    {
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        string[] lines = text.Split('\n')[..^2];
        Dictionary<string, string> types = [];
        HashSet<string> samples = [];
        string family = string.Empty;
        foreach (string line in lines)
        {
            Assert.NotEqual("# EOF", line);
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] parts = line.Split(' ');
                family = parts[2];
                Assert.True(types.TryAdd(family, parts[3]), $"family {family} twice");
            }
            else if (line.StartsWith("# UNIT ", StringComparison.Ordinal))
            {
                Assert.EndsWith($"_{line.Split(' ')[3]}", family, StringComparison.Ordinal);
            }
            else if (line.StartsWith('#'))
            {
                Assert.StartsWith($"# HELP {family} ", line, StringComparison.Ordinal);
            }
            else
            {
                Match sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                string suffix = sample.Groups["name"].Value[family.Length..];
                Assert.Contains(suffix, types[family] == "counter" ? ["_total", "_created"] : new[] { string.Empty });
                Assert.True(samples.Add(sample.Groups["series"].Value), $"{line} twice");
                Assert.True(double.TryParse(sample.Groups["value"].Value, CultureInfo.InvariantCulture, out _), line);
            }
        }
    }

    [GeneratedRegex("""^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z_]+="([^"\\\n]|\\.)*"(,[a-z_]+="([^"\\\n]|\\.)*")*\})?) (?<value>\S+)$""")]
    private static partial Regex Sample();
}
