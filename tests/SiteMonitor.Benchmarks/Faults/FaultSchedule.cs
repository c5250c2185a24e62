using System.Globalization;
using System.Text;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>Everything that one seed does, drawn before it begins. When the faults hit depends on the host's timing too.</summary>
internal sealed record FaultSchedule
{
    /// <summary>Every so many seeds the host is a process that is killed.</summary>
    public const int KillEvery = 10;

    private const int MinIssues = 8;
    private const int MaxIssues = 15;

    /// <summary>A longer body makes a run slower, and meets no other fault.</summary>
    private const int MaxBody = 20_000;

    /// <summary>GitHub refuses an App's sign-in whose time lies in its future, so larger differences are a setup error.</summary>
    private const int MaxAppSkew = 30;
    private const int MaxSkew = 180;

    /// <summary>On real time each repetition is waited for.</summary>
    private const int MaxTimesOnRealTime = 2;

    /// <summary>The sandbox's findings that a person can open in one step.</summary>
    private static readonly Seed[] Findings =
    [
        .. SeedCatalogue.Seeds.Where(s =>
            s is { ClosedAs: null, IsPullRequest: false, HasRoom: true, Comments.Count: 0, Assignees.Count: 0 }
            && s.Text() is not { Length: > MaxBody }),
    ];

    public required int Seed { get; init; }

    /// <summary>Whether the host is killed between rounds, in a process of its own on real time.</summary>
    public bool Kills => Seed % KillEvery == 0;

    /// <summary>Whether the host signs in as a GitHub App, whose tokens expire and can be revoked.</summary>
    public required bool UsesApp { get; init; }

    /// <summary>How far GitHub's clock is ahead of the host's.</summary>
    public required TimeSpan ClockSkew { get; init; }

    public required IReadOnlyList<FaultRound> Rounds { get; init; }

    public IEnumerable<Seed> Issues => Rounds.SelectMany(r => r.Issues);

    public IEnumerable<PlannedFault> Faults => Rounds.SelectMany(r => r.Faults);

    public static FaultSchedule Draw(int seed)
    {
        Random random = new(seed);
        bool kills = seed % KillEvery == 0;
        bool usesApp = !kills && random.Next(3) == 0;
        int skew = kills ? 0 : usesApp ? random.Next(-MaxAppSkew, MaxAppSkew + 1) : random.Next(-MaxSkew, MaxSkew + 1);
        Seed[] issues = [.. Findings];
        random.Shuffle(issues);
        issues = issues[..random.Next(MinIssues, MaxIssues + 1)];
        int rounds = kills ? 2 : random.Next(2, 5);
        int rollback = !kills && random.Next(4) == 0 ? random.Next(rounds) : -1;
        return new FaultSchedule
        {
            Seed = seed,
            UsesApp = usesApp,
            ClockSkew = TimeSpan.FromSeconds(skew),
            Rounds =
            [
                .. Enumerable.Range(0, rounds).Select(round => DrawRound(
                    random, [.. issues.Where((_, i) => i % rounds == round)], usesApp, kills) with { RollsBack = round == rollback }),
            ],
        };
    }

    private static FaultRound DrawRound(Random random, IReadOnlyList<Seed> issues, bool usesApp, bool kills)
    {
        FaultKind[] kinds = [.. FaultKind.All.Where(k => k.OnRealTime || !kills)];
        List<PlannedFault> faults = [];
        for (int n = kills ? random.Next(1, 4) : random.Next(2, 6); n > 0; n--)
        {
            FaultKind kind = kinds[random.Next(kinds.Length)];
            FaultRule rule = kind.Draw(random) with { Skip = random.Next(4) };
            faults.Add(new PlannedFault(kind, kills ? rule with { Times = Math.Min(rule.Times, MaxTimesOnRealTime) } : rule));
        }

        if (random.Next(4) == 0 && issues.Where(IsNamedByTitle).ToArray() is { Length: > 0 } named)
        {
            Seed issue = named[random.Next(named.Length)];
            faults.Add(new PlannedFault(FaultKind.UnanswerableText, FaultKind.UnanswerableText.Draw(random) with { Contains = issue.Title })
            {
                Issue = issue.Number,
            });
        }

        return new FaultRound
        {
            Issues = issues,
            Faults = faults,
            RevokesTokens = usesApp && random.Next(2) == 0,
            RunsBatch = random.Next(3) == 0,
            KillAfter = TimeSpan.FromMilliseconds(random.Next(0, 800)),
            Advance = TimeSpan.FromMinutes(random.Next(0, 20)),
        };
    }

    /// <summary>Returns the schedule as text, one line a step.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"seed {Seed}: App {UsesApp}, GitHub's clock {ClockSkew.TotalSeconds:+0;-0;0} s, kills {Kills}");
        foreach ((int number, FaultRound round) in Rounds.Index())
        {
            string issues = string.Join(", ", round.Issues.Select(i => i.Number));
            string steps = string.Concat(
                round.RollsBack ? ", rollback" : "", round.RevokesTokens ? ", tokens revoked" : "", round.RunsBatch ? ", timer" : "");
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  round {number + 1}: findings {issues}{steps}, then {round.Advance.TotalMinutes} min");
            foreach (PlannedFault fault in round.Faults)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {fault.Kind.Name}: {fault.Rule}");
            }
        }

        return text.ToString();
    }

    /// <summary>Whether the title stands in a request to the model exactly as in the issue, and in no other issue's.</summary>
    private static bool IsNamedByTitle(Seed issue) => issue.Title.Length > 10
        && issue.Title.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or ',' or ':' or '-');
}

/// <summary>One round: faults are injected and issues opened, then the host works until it is idle, and time passes.</summary>
internal sealed record FaultRound
{
    public required IReadOnlyList<Seed> Issues { get; init; }

    public required IReadOnlyList<PlannedFault> Faults { get; init; }

    /// <summary>Whether an operator rolls back while the issues are being processed.</summary>
    public bool RollsBack { get; init; }

    /// <summary>Whether the tokens of the App are revoked while the issues are being processed.</summary>
    public bool RevokesTokens { get; init; }

    /// <summary>Whether the four-hourly timer fires while the faults last.</summary>
    public bool RunsBatch { get; init; }

    /// <summary>Time from then until the host is killed, where it is.</summary>
    public TimeSpan KillAfter { get; init; }

    /// <summary>Simulated time that passes at the end.</summary>
    public TimeSpan Advance { get; init; }
}

/// <summary>A fault of a round.</summary>
internal sealed record PlannedFault(FaultKind Kind, FaultRule Rule)
{
    /// <summary>The number of the finding that it makes impossible; null for faults that pass.</summary>
    public int? Issue { get; init; }
}
