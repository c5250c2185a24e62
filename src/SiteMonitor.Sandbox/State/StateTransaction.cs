using System.Text.Json.Nodes;

namespace SiteMonitor.Sandbox.State;

/// <summary>A write in progress; its changes are not visible to other readers.</summary>
internal sealed class StateTransaction(SandboxState state)
{
    private readonly Dictionary<string, SimulatedRepository> _repositories = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, int), SimulatedIssue> _issues = [];
    private readonly List<Func<long, WriteEntry>> _writes = [];
    private readonly List<(string Event, string Action, SimulatedIssue? Issue, string Repository, JsonObject Payload)> _events = [];

    public DateTimeOffset Now { get; } = state.Now;

    public Accounts Accounts => state.Accounts;

    public long NextId() => state.NextId();

    public SimulatedEvent CreateEvent(WriteContext writer, SimulatedEventKind kind, string value, string? before = null) =>
        new(NextId(), kind, Now, writer.Account.Login, value, before);

    public SimulatedRepository Repository(string key) => _repositories.GetValueOrDefault(key) ?? state.Repository(key);

    public SimulatedRepository? FindRepository(string fullName) =>
        _repositories.GetValueOrDefault(fullName.ToLowerInvariant()) ?? state.FindRepository(fullName);

    public SimulatedIssue? FindIssue(string repository, int number) =>
        _issues.GetValueOrDefault((repository, number)) ?? state.FindIssue(repository, number);

    public SimulatedRepository Put(SimulatedRepository repository) => _repositories[repository.Key] = repository;

    public SimulatedIssue Put(SimulatedIssue issue) => Repository(issue.Repository).IsArchived
        ? throw GitHubErrorException.Forbidden("Repository was archived so is read-only.")
        : _issues[(issue.Repository, issue.Number)] = issue;

    public void LogWrite(WriteContext writer, WriteKind kind, string issue, string before, string after, bool effective = true) =>
        _writes.Add(sequence => new WriteEntry
        {
            Sequence = sequence,
            Request = writer.Request,
            At = Now,
            By = writer.Account.Login,
            Via = writer.Via,
            Kind = kind,
            Issue = issue,
            Before = before,
            After = after,
            Effective = effective,
        });

    /// <summary>Queues a webhook delivery about an issue or pull request, if the repositories have a webhook.</summary>
    public void QueueIssueEvent(string name, string action, SimulatedIssue issue, Func<JsonObject> payload)
    {
        if (state.HasWebhook)
        {
            _events.Add((name, action, issue, issue.Repository, payload()));
        }
    }

    /// <summary>Queues a delivery that concerns no issue.</summary>
    public void QueueRepositoryEvent(string name, string repository, Func<JsonObject> payload)
    {
        if (state.HasWebhook)
        {
            _events.Add((name, "", null, repository, payload()));
        }
    }

    public StateChange ToChange(long lastWrite, long lastDelivery) => new()
    {
        Repositories = [.. _repositories.Values],
        Issues = [.. _issues.Values],
        Writes = [.. _writes.Select((w, i) => w(lastWrite + i + 1))],
        Deliveries = [.. _events.Select(
            (e, i) => (
                ToDelivery(e.Event, e.Action, e.Repository, e.Issue?.Number ?? 0, lastDelivery + i + 1), WireJson.Bytes(e.Payload)))],
    };

    private WebhookDelivery ToDelivery(string name, string action, string repository, int number, long sequence) => new()
    {
        Sequence = sequence,
        Id = Guid.NewGuid(),
        Event = name,
        Action = action,
        Repository = repository,
        Number = number,
        CreatedAt = Now,
    };
}

/// <summary>All changes of one write, stored in one database transaction.</summary>
internal sealed record StateChange
{
    public IReadOnlyList<SimulatedRepository> Repositories { get; init; } = [];

    public IReadOnlyList<SimulatedIssue> Issues { get; init; } = [];

    public IReadOnlyList<WriteEntry> Writes { get; init; } = [];

    public IReadOnlyList<(WebhookDelivery Delivery, byte[] Payload)> Deliveries { get; init; } = [];
}
