using System.Globalization;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>Checks the journals, whose content must be right wherever the kills fell.</summary>
internal static class CrashModel
{
    /// <exception cref="InvalidOperationException">A journal is wrong.</exception>
    public static CrashResult Check(string folder, int kills)
    {
        string[] started = Journal.Read(Path.Combine(folder, CrashWorkload.Started));
        Dictionary<string, string> ended = Journal.Read(
            Path.Combine(folder, CrashWorkload.Ended)).Select(l => l.Split(' ', 2)).ToDictionary(l => l[0], l => l[1]);
        ILookup<string, int> steps = Journal.Read(Path.Combine(folder, CrashWorkload.Steps)).Select(l => l.Split(' '))
            .ToLookup(l => l[0], l => int.Parse(l[1], CultureInfo.InvariantCulture));

        foreach (string id in started)
        {
            Ensure(ended.TryGetValue(id, out string? end)
                && end == $"Completed {CrashWorkload.LastStep}", $"{id}: its start was confirmed, and it ended as '{end ?? "nothing"}'");
            CheckSteps(id, [.. steps[id]], kills);
        }

        int runs = steps.Sum(s => s.Count());
        return new CrashResult(kills, started.Length, runs, steps.Sum(s => s.Count() - Math.Min(s.Count(), CrashWorkload.LastStep + 2)));
    }

    private static void CheckSteps(string id, int[] steps, int kills)
    {
        string order = string.Join(' ', steps);
        for (int step = 0; step <= CrashWorkload.LastStep; step++)
        {
            int times = steps.Count(s => s == step);
            int expected = step == 2 ? 2 : 1;
            Ensure(times >= expected, $"{id}: step {step} was lost ({order})");
            Ensure(times <= expected * (kills + 1), $"{id}: step {step} ran more often than the kills explain ({order})");
        }

        // A step begins when the result of the previous one is on disk; after that the previous one must never run again.
        Ensure(
            steps.Zip(steps.Skip(1)).All(
                pair => pair.First <= pair.Second), $"{id}: a step ran again whose result had been taken ({order})");
    }

    private static void Ensure(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

/// <summary>Figures of a crash campaign.</summary>
/// <param name="Instances">Orchestrations whose start had been confirmed.</param>
/// <param name="Steps">Activity runs.</param>
/// <param name="Repeated">Activity runs repeated because of a kill.</param>
public sealed record CrashResult(int Kills, int Instances, int Steps, int Repeated);
