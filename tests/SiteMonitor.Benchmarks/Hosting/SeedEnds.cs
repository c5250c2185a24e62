using SiteMonitor.LocalHost.Sandbox;
using SiteMonitor.LocalHost.Sandbox.Control;
using SiteMonitor.LocalHost.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>Whether a sandbox's backlog has ended as it must.</summary>
internal static class BacklogCheck
{
    internal const string Bot = "sitemonitor-bot";
    /// <summary>GitHub's limit for a body; guidance that finds no room there goes into the comment.</summary>
    private const int MostText = 65_536;

    internal const string GuidanceHeading = "## 🤖 Copilot Processing Instructions";

    /// <returns>One sentence for each seed that has not.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(string sandboxDirectory, CancellationToken cancellationToken)
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { DatabasePath = Path.Combine(sandboxDirectory, "sandbox.db") }, cancellationToken);
        return FaultsOf(sandbox);
    }

    /// <returns>One sentence for each seed that has not.</returns>
    public static IReadOnlyList<string> FaultsOf(SandboxServer sandbox) =>
        [.. SeedCatalogue.Seeds.SelectMany(seed => FaultsOf(seed, sandbox.Issue(seed.Number)!).Select(fault => $"#{seed.Number} ({seed.About}): {fault}"))];

    private static IEnumerable<string> FaultsOf(Seed seed, IssueView issue)
    {
        if (!seed.ExpectedLabels.SetEquals(issue.Labels))
        {
            yield return $"labels are {string.Join(", ", issue.Labels)}, not {string.Join(", ", seed.ExpectedLabels)}";
        }

        string original = seed.Text() ?? string.Empty;
        int sections = Count(issue.Body, GuidanceHeading) - Count(original, GuidanceHeading);
        bool hasRoom = original.Length < MostText;
        if (sections != (seed.ExpectedOutcome == SeedOutcome.Ready && hasRoom ? 1 : 0))
        {
            yield return $"{sections} guidance sections of ours";
        }

        if (!issue.Body.Contains(original, StringComparison.Ordinal))
        {
            yield return "the original text is not there any more";
        }

        bool copilot = issue.Assignees.Contains("Copilot");
        if (copilot != (seed.ExpectedOutcome == SeedOutcome.Ready || seed.Assignees.Contains("copilot-swe-agent[bot]")))
        {
            yield return $"Copilot assigned: {copilot}";
        }

        int comments = issue.Comments.Count(c => c.Author == Bot) - seed.Comments.Count(c => c.StartsWith(Bot, StringComparison.Ordinal));
        if (comments != (seed.ExpectedOutcome == SeedOutcome.Untouched ? 0 : 1))
        {
            yield return $"{comments} comments of ours";
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
