using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>Compares an issue with the expected outcome of its seed.</summary>
public static class SeedCheck
{
    internal const string GuidanceHeading = "## 🤖 Copilot Processing Instructions";
    private const string Copilot = "Copilot";

    /// <summary>Returns the differences; empty if there are none.</summary>
    /// <param name="ourLogins">Logins of the product's comments.</param>
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
        int ours = issue.Comments.Count(c => ourLogins.Contains(c.Author)) - seed.Comments.Count(
            c => ourLogins.Any(l => c.StartsWith($"{l}: ", StringComparison.Ordinal)));
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
        int sections = Count(issue.Body, GuidanceHeading) - Count(original, GuidanceHeading);
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
        for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(
            part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}

/// <summary>Checks whether a sandbox's backlog has the expected outcome.</summary>
internal static class BacklogCheck
{
    internal const string Bot = "sitemonitor-bot";

    /// <returns>One sentence per difference.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(string sandboxDirectory, CancellationToken cancellationToken)
    {
        SandboxOptions options = new() { DatabasePath = Path.Combine(sandboxDirectory, "sandbox.db") };
        await using SandboxServer sandbox = await SandboxServer.StartAsync(options, cancellationToken);
        return FaultsOf(sandbox);
    }

    /// <returns>One sentence per difference.</returns>
    public static IReadOnlyList<string> FaultsOf(SandboxServer sandbox) =>
    [
        .. SeedCatalogue.Seeds.SelectMany(seed =>
            SeedCheck.Problems(seed, sandbox.Issue(seed.Number)!, Bot).Select(problem => $"#{seed.Number} ({seed.About}): {problem}")),
    ];
}
