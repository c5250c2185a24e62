using System.Text;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>What must hold for the host as a whole, whatever has failed.</summary>
internal static class HostInvariants
{
    /// <summary>Requests to GitHub that an issue may cost.</summary>
    private const int CallsPerIssue = 5;

    /// <summary>Requests that one fault may cost: the repeated run, its clean-up and its retries.</summary>
    private const int CallsPerFault = 5;

    /// <summary>Requests that a kill may cost: ten activities are under way at most, and each sends up to three.</summary>
    private const int CallsPerKill = 30;

    /// <summary>Requests of a batch: pages of the listing, by label.</summary>
    private const int CallsPerBatch = 8;

    /// <summary>Requests of a run that found nothing to do, or was stopped by the rollback.</summary>
    private const int CallsPerFutileRun = 4;

    public static async Task<IReadOnlyList<Violation>> FindAsync(
        ICampaignHost host, IReadOnlyList<RunRecord> records, int issues, int faults, int batches, CancellationToken cancellationToken)
    {
        List<Violation> violations =
        [
            .. host.FindUnsuccessfulInstances().Select(instance => new Violation("every instance completed", instance)),
            .. (await host.FindUnrecordedRunsAsync(cancellationToken)).Select(run => new Violation("a record of each run that ended", run)),
            .. records.CountBy(r => r.RunId).Where(r => r.Value > 1)
                .Select(r => new Violation("one record of each run", $"{r.Value} of {r.Key}")),
            .. FindLeaks(host),
        ];
        (long requests, long other) = (host.Sandbox.Stats.GitHubRequests, CountFaultless(records, issues, batches));
        if (requests > other + (CallsPerFault * faults) + (CallsPerKill * host.Kills))
        {
            violations.Add(new Violation(
                $"at most {other} requests for {issues} issues and {batches} batches, {CallsPerFault} for each of {faults} faults, "
                    + $"and {CallsPerKill} for each of {host.Kills} kills",
                $"{requests}"));
        }

        return violations;
    }

    /// <summary>Returns how many requests may be sent without any fault.</summary>
    public static long CountFaultless(IReadOnlyList<RunRecord> records, int issues, int batches)
    {
        int futile = records.Count(r => r.Outcome is RunOutcome.Skipped or RunOutcome.Rerouted);
        return (CallsPerIssue * issues) + (CallsPerBatch * batches) + (CallsPerFutileRun * futile);
    }

    private static IEnumerable<Violation> FindLeaks(ICampaignHost host)
    {
        string log = string.Join('\n', host.Logs);
        string text = string.Join('\n', host.Sandbox.Issues().SelectMany(i => i.Comments.Select(c => c.Body).Append(i.Body)));
        string stored = string.Join('\n', host.Databases.Select(Read));
        foreach ((string place, string content) in new[] { ("the log", log), ("an issue's text", text), ("the database", stored) })
        {
            foreach (string secret in host.Secrets.Where(s => content.Contains(s, StringComparison.Ordinal)))
            {
                int at = content.IndexOf(secret, StringComparison.Ordinal);
                string around = content[Math.Max(0, at - 100)..Math.Min(content.Length, at + 40)];
                yield return new Violation($"no secret in {place}", $"'{secret}' in '{around.ReplaceLineEndings(" ")}'");
            }
        }
    }

    /// <summary>The file may be in use by the engine.</summary>
    private static string Read(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
