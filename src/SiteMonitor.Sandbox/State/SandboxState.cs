using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace SiteMonitor.Sandbox.State;

/// <summary>
/// All repositories and issues. Reads return immutable snapshots without a lock. Writes go through <see cref="Write{T}"/> one at a time;
/// they reach the database before they become visible.
/// </summary>
internal sealed class SandboxState
{
    private static readonly AsyncLocal<TimeSpan> CurrentLag = new();
    private readonly SandboxStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, SimulatedRepository> _repositories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableSortedDictionary<int, SimulatedIssue>> _issues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NodeKey> _nodes = new(StringComparer.Ordinal);
    private readonly IssueHistory _history;
    private volatile ImmutableList<WriteEntry> _writes = [];
    private long _lastId;
    private long _lastDelivery;

    public SandboxState(SandboxStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
        _history = new IssueHistory(time);
        LoadedState stored = store.Load();
        _lastId = 3_000_000_000;
        Apply(new StateChange { Repositories = stored.Repositories, Issues = stored.Issues });
        _writes = [.. stored.Writes];
        _lastDelivery = stored.Deliveries.Count == 0 ? 0 : stored.Deliveries[^1].Sequence;
        Undelivered = [.. stored.Deliveries.Where(d => d.Status is null)];
        StoredDeliveries = [.. stored.Deliveries];
    }

    /// <summary>Raised for each new delivery after it is stored.</summary>
    public event Action<WebhookDelivery>? DeliveryQueued;

    /// <summary>How far reads of the current request lag behind, as on a replica of GitHub; zero for none.</summary>
    public static TimeSpan ReplicaLag
    {
        get => CurrentLag.Value;
        set => CurrentLag.Value = value;
    }

    public Accounts Accounts { get; } = new();

    public bool HasWebhook { get; init; }

    /// <summary>Deliveries that an earlier process did not send.</summary>
    public IReadOnlyList<WebhookDelivery> Undelivered { get; }

    /// <summary>All deliveries recorded by an earlier process.</summary>
    public IReadOnlyList<WebhookDelivery> StoredDeliveries { get; }

    public bool IsEmpty => _repositories.IsEmpty;

    public ImmutableList<WriteEntry> Writes => _writes;

    public IEnumerable<SimulatedRepository> Repositories => _repositories.Values;

    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = _time.GetUtcNow();
            return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        }
    }

    /// <summary>Finds a repository by its current name, or else by its first one, which GitHub redirects.</summary>
    public SimulatedRepository? FindRepository(string owner, string name)
    {
        string fullName = $"{owner}/{name}";
        return _repositories.Values.FirstOrDefault(r => r.FullName.Equals(fullName, StringComparison.OrdinalIgnoreCase))
            ?? _repositories.GetValueOrDefault(fullName.ToLowerInvariant());
    }

    /// <summary>Finds a repository by <c>owner/repo</c>.</summary>
    public SimulatedRepository? FindRepository(string fullName) =>
        fullName.Split('/') is [var owner, var name] ? FindRepository(owner, name) : null;

    public SimulatedRepository Repository(string key) => _repositories[key];

    public SimulatedIssue? FindIssue(string repository, int number) =>
        IssuesByNumber(repository).GetValueOrDefault(number);

    /// <summary>Returns issues and pull requests by number, without deleted ones.</summary>
    public IEnumerable<SimulatedIssue> Issues(string repository) => IssuesEvenDeleted(repository).Where(i => !i.IsDeleted);

    public IEnumerable<SimulatedIssue> IssuesEvenDeleted(string repository) => IssuesByNumber(repository).Values;

    public NodeKey? FindNode(string id) => _nodes.GetValueOrDefault(id);

    /// <summary>Executes one write: everything is stored and becomes visible, or nothing if <paramref name="work"/> throws.</summary>
    public T Write<T>(Func<StateTransaction, T> work)
    {
        lock (_gate)
        {
            StateTransaction transaction = new(this);
            T result = work(transaction);
            StateChange change = transaction.ToChange(_writes.Count, _lastDelivery);
            _store.Save(change);
            Apply(change);
            _writes = _writes.AddRange(change.Writes);
            _lastDelivery += change.Deliveries.Count;
            foreach ((WebhookDelivery delivery, _) in change.Deliveries)
            {
                DeliveryQueued?.Invoke(delivery);
            }

            return result;
        }
    }

    /// <summary>Queues a delivery again, with the same id and the same bytes.</summary>
    public WebhookDelivery Redeliver(WebhookDelivery original)
    {
        lock (_gate)
        {
            WebhookDelivery again = original with
            {
                Sequence = _lastDelivery + 1,
                CreatedAt = Now,
                IsRedelivery = true,
                SentAt = null,
                Status = null,
                DurationMs = 0,
                Response = "",
            };
            _store.Save(new StateChange { Deliveries = [(again, _store.Payload(original.Sequence))] });
            _lastDelivery = again.Sequence;
            DeliveryQueued?.Invoke(again);
            return again;
        }
    }

    /// <summary>Makes the current issues the oldest that a lagging read sees.</summary>
    public void ForgetHistory() => _history.Clear();

    /// <summary>Deletes everything, including the write log.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _store.Clear();
            _repositories.Clear();
            _issues.Clear();
            _nodes.Clear();
            _writes = [];
        }
    }

    private ImmutableSortedDictionary<int, SimulatedIssue> IssuesByNumber(string repository)
    {
        ImmutableSortedDictionary<int, SimulatedIssue> current = _issues.GetValueOrDefault(repository, IssueHistory.NoIssues);
        return ReplicaLag > TimeSpan.Zero ? _history.FindState(repository, ReplicaLag) ?? current : current;
    }

    internal long NextId() => Interlocked.Increment(ref _lastId);

    private void Apply(StateChange change)
    {
        foreach (SimulatedRepository repository in change.Repositories)
        {
            _repositories[repository.Key] = repository;
            _nodes[repository.GraphId] = new NodeKey(NodeType.Repository, repository.Key, 0, repository.Id);
            foreach (SimulatedLabel label in repository.Labels)
            {
                _nodes[label.NodeIdIn(repository)] = new NodeKey(NodeType.Label, repository.Key, 0, label.Id);
                _lastId = Math.Max(_lastId, label.Id);
            }

            _lastId = Math.Max(_lastId, repository.Id);
        }

        foreach (SimulatedIssue issue in change.Issues)
        {
            Apply(issue);
        }
    }

    private void Apply(SimulatedIssue issue)
    {
        ImmutableSortedDictionary<int, SimulatedIssue> before = _issues.GetValueOrDefault(issue.Repository, IssueHistory.NoIssues);
        _history.Add(issue.Repository, before);
        _issues[issue.Repository] = before.SetItem(issue.Number, issue);
        _nodes[issue.GraphId] = new NodeKey(NodeType.Issue, issue.Repository, issue.Number, issue.Id);
        Accounts.Named(issue.Author);
        foreach (string assignee in issue.Assignees)
        {
            Accounts.Named(assignee);
        }

        long highest = issue.Id;
        foreach (SimulatedComment comment in issue.Comments)
        {
            _nodes[comment.GraphId] = new NodeKey(NodeType.Comment, issue.Repository, issue.Number, comment.Id);
            highest = Math.Max(highest, comment.Id);
        }

        foreach (SimulatedEdit edit in issue.Edits)
        {
            highest = Math.Max(highest, edit.Id);
        }

        foreach (SimulatedEvent entry in issue.Events)
        {
            highest = Math.Max(highest, entry.Id);
        }

        _lastId = Math.Max(_lastId, highest);
    }
}
