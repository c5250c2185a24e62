using System.Collections.Immutable;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Seeds;

/// <summary>Loads seeds into an empty state, without write log entries and webhooks.</summary>
internal sealed class SeedLoader(SandboxState state)
{
    private static readonly (string Name, string Color, string Description)[] Labels =
    [
        ("site-monitor", "1d76db", "A finding of the site monitor"), ("analyzing", "fbca04", ""), ("processing", "fbca04", ""),
        ("copilot-assigned", "0e8a16", ""), ("completed", "0e8a16", ""), ("needs-review", "d93f0b", ""),
        ("needs clarification", "d93f0b", ""), ("feature", "a2eeef", ""), ("urgent", "b60205", ""), ("intelligence-analyst", "5319e7", ""),
        ("osint-researcher", "5319e7", ""), ("target-profiler", "5319e7", ""), ("business-analyst", "5319e7", ""),
        ("threat-hunter", "5319e7", ""), ("osint", "c5def5", ""), ("intelligence", "c5def5", ""), ("threat-assessment", "c5def5", ""),
        ("reconnaissance", "c5def5", ""), ("beta-test", "f9d0c4", ""), ("bug", "d73a4a", ""),
    ];

    public void Load(SandboxOptions options)
    {
        DateTimeOffset now = state.Now;
        if (options.Import is { } import)
        {
            LoadImport(import, now);
        }
        else
        {
            LoadRepository(SeedCatalogue.Repository, options.Seeds == SeedSet.Full ? SeedCatalogue.Seeds : [], now);
        }

        if (options.SyntheticIssues > 0)
        {
            LoadSynthetic(options.SyntheticIssues, now);
        }
    }

    private void LoadImport(ImportedIssues import, DateTimeOffset now) => state.Write(transaction =>
    {
        SimulatedRepository repository = Repository(
            transaction, import.Repository, import.Labels, import.Issues.Select(i => i.Number).DefaultIfEmpty().Max(), now);
        foreach (ImportedIssue issue in import.Issues)
        {
            string author = issue.Author.Length > 0 ? issue.Author : Accounts.Ghost;
            transaction.Put(new SimulatedIssue
            {
                Id = transaction.NextId(),
                Repository = repository.Key,
                Number = issue.Number,
                Title = issue.Title,
                Body = issue.Body,
                Author = transaction.Accounts.Named(author).Login,
                Labels = [.. issue.Labels.Select(label => repository.FindLabel(label)!.Name)],
                Events = [.. issue.Labels.Select(l => Opening(
                    transaction, issue.CreatedAt, author, SimulatedEventKind.LabeledEvent, repository.FindLabel(l)!.Name))],
                CreatedAt = issue.CreatedAt,
                UpdatedAt = issue.CreatedAt,
            });
        }

        return repository;
    });

    private void LoadRepository(string fullName, IReadOnlyList<Seed> seeds, DateTimeOffset now) => state.Write(transaction =>
    {
        SimulatedRepository repository = Repository(
            transaction, fullName, seeds.SelectMany(s => s.Labels.Concat(s.Specialists)), seeds.Count == 0 ? 0 : seeds[^1].Number, now);
        foreach (Seed seed in seeds)
        {
            transaction.Put(Issue(transaction, repository, seed, now.AddHours(-2 * (seeds[^1].Number + 1 - seed.Number))));
        }

        return repository;
    });

    private void LoadSynthetic(int count, DateTimeOffset now) => state.Write(transaction =>
    {
        SimulatedRepository repository = Repository(transaction, SeedCatalogue.SyntheticRepository, [], count, now);
        for (int number = 1; number <= count; number++)
        {
            (string title, string body, _) = SyntheticFindings.Of(number);
            DateTimeOffset created = now.AddMinutes(number - count);
            transaction.Put(new SimulatedIssue
            {
                Id = transaction.NextId(),
                Repository = repository.Key,
                Number = number,
                Title = title,
                Body = body,
                Author = Accounts.Monitor,
                Labels = ["site-monitor"],
                Events = [Opening(transaction, created, Accounts.Monitor, SimulatedEventKind.LabeledEvent, "site-monitor")],
                CreatedAt = created,
                UpdatedAt = created,
            });
        }

        return repository;
    });

    private static SimulatedRepository Repository(
        StateTransaction transaction, string fullName, IEnumerable<string> used, int lastNumber, DateTimeOffset now)
    {
        string[] parts = fullName.Split('/');
        ImmutableArray<SimulatedLabel> labels = [.. Labels.Select(
            l => new SimulatedLabel(transaction.NextId(), l.Name, l.Color, l.Description))];
        foreach (string name in used.Distinct(StringComparer.OrdinalIgnoreCase).Where(
            n => !labels.Any(l => l.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            labels = labels.Add(new SimulatedLabel(transaction.NextId(), name, "ededed", ""));
        }

        return transaction.Put(new SimulatedRepository
        {
            Id = transaction.NextId(),
            Owner = parts[0],
            Name = parts[1],
            Labels = labels,
            CreatedAt = now.AddDays(-400),
            LastNumber = lastNumber,
        });
    }

    private static SimulatedIssue Issue(StateTransaction transaction, SimulatedRepository repository, Seed seed, DateTimeOffset created) =>
        new()
    {
        Id = transaction.NextId(),
        Repository = repository.Key,
        Number = seed.Number,
        Title = seed.Title,
        Body = seed.Text(),
        Author = transaction.Accounts.Named(seed.Author).Login,
        Labels = [.. seed.Labels],
        Assignees = [.. seed.Assignees.Select(a => transaction.Accounts.Named(a).Login)],
        Events =
        [
            .. seed.Labels.Select(l => Opening(transaction, created, seed.Author, SimulatedEventKind.LabeledEvent, l)),
            .. seed.Assignees.Select(a => Opening(transaction, created, seed.Author, SimulatedEventKind.AssignedEvent, a)),
        ],
        CreatedAt = created,
        UpdatedAt = created,
        IsOpen = seed.ClosedAs is null,
        StateReason = seed.ClosedAs,
        ClosedAt = seed.ClosedAs is null ? null : created.AddHours(1),
        ClosedBy = seed.ClosedAs is null ? null : "mona-lisa",
        IsPullRequest = seed.IsPullRequest,
        Closes = [.. seed.Closes],
        Comments = [.. seed.Comments.Select(c => c.Split(": ", 2)).Select(
            c => new SimulatedComment(transaction.NextId(), transaction.Accounts.Named(c[0]).Login, c[1], created, created))],
    };

    /// <summary>Creates the timeline entry of a label or assignee that the issue was opened with.</summary>
    private static SimulatedEvent Opening(
        StateTransaction transaction, DateTimeOffset at, string author, SimulatedEventKind kind, string value) =>
        new(transaction.NextId(), kind, at, author, value);
}

/// <summary>Open issues of another repository, which fill a new sandbox instead of the findings.</summary>
/// <param name="Repository"><c>owner/repo</c>.</param>
public sealed record ImportedIssues(string Repository, IReadOnlyList<ImportedIssue> Issues)
{
    /// <summary>The labels that the repository has.</summary>
    public IReadOnlyList<string> Labels { get; private init; } =
        [.. Issues.SelectMany(i => i.Labels).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Returns the repository with its labels, for issues that are opened later.</summary>
    public ImportedIssues WithoutIssues() => this with { Issues = [] };
}

/// <summary>An issue as it was opened.</summary>
/// <param name="Author">Empty when the account is deleted.</param>
public sealed record ImportedIssue(
    int Number, string Title, string Body, string Author, DateTimeOffset CreatedAt, IReadOnlyList<string> Labels);
