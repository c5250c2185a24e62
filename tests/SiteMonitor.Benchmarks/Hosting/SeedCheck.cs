using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>Compares what became of a seed with what it says must.</summary>
public static class SeedCheck
{
    private const string Heading = "## 🤖 Copilot Processing Instructions";
    private const string Copilot = "Copilot";

    /// <summary>What is wrong, for people; empty when all is right.</summary>
    /// <param name="ourLogins">Whose comments are ours.</param>
    public static IReadOnlyList<string> Problems(Seed seed, IssueView issue, params IReadOnlyList<string> ourLogins)
    {
        List<string> problems = [];
        if (!seed.ExpectedLabels.SetEquals(issue.Labels))
        {
            problems.Add($"labels are [{string.Join(", ", issue.Labels)}], not [{string.Join(", ", seed.ExpectedLabels)}]");
        }

        if (issue.IsOpen != seed.ClosedAs is null)
        {
            problems.Add(issue.IsOpen ? "it was reopened" : $"it was closed as {issue.StateReason}");
        }

        problems.AddRange(TextProblems(seed, issue));
        problems.AddRange(AssigneeProblems(seed, issue));
        int ours = issue.Comments.Count(c => ourLogins.Contains(c.Author)) - seed.Comments.Count(c => ourLogins.Any(l => c.StartsWith($"{l}: ", StringComparison.Ordinal)));
        int expected = seed.ExpectedOutcome == SeedOutcome.Untouched ? 0 : 1;
        if (ours != expected)
        {
            problems.Add($"it got {ours} comments of ours, not {expected}");
        }

        return problems;
    }

    private static IEnumerable<string> TextProblems(Seed seed, IssueView issue)
    {
        string original = seed.Text() ?? "";
        if (!issue.Body.Contains(original, StringComparison.Ordinal))
        {
            yield return "its text was changed";
        }

        bool guided = seed is { ExpectedOutcome: SeedOutcome.Ready, HasRoom: true };
        int sections = Count(issue.Body, Heading) - Count(original, Heading);
        if (sections != (guided ? 1 : 0))
        {
            yield return $"it has {sections} sections of guidance, not {(guided ? 1 : 0)}";
        }

        if (!guided && issue.Body.Length != original.Length)
        {
            yield return "something was added to its text";
        }
    }

    private static IEnumerable<string> AssigneeProblems(Seed seed, IssueView issue)
    {
        HashSet<string> expected = [.. seed.Assignees.Select(a => a.StartsWith("copilot", StringComparison.Ordinal) ? Copilot : a)];
        if (seed.ExpectedOutcome == SeedOutcome.Ready)
        {
            expected.Add(Copilot);
        }

        if (!expected.SetEquals(issue.Assignees))
        {
            yield return $"assigned are [{string.Join(", ", issue.Assignees)}], not [{string.Join(", ", expected)}]";
        }
    }

    private static int Count(string text, string part)
    {
        int count = 0;
        for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}

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
