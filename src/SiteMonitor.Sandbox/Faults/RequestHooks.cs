namespace SiteMonitor.Sandbox.Faults;

/// <summary>Runs actions before or after certain requests, such as a person's edit between two requests of the product.</summary>
internal sealed class RequestHooks
{
    private readonly Lock _gate = new();
    private readonly List<Hook> _hooks = [];

    public void Add(string match, bool after, Func<CancellationToken, Task> work)
    {
        lock (_gate)
        {
            _hooks.Add(new Hook(RequestMatch.Words(match), after, work));
        }
    }

    public Task RunBeforeAsync(IReadOnlySet<string> tags, CancellationToken cancellationToken) =>
        RunAsync(tags, after: false, cancellationToken);

    public Task RunAfterAsync(IReadOnlySet<string> tags, CancellationToken cancellationToken) =>
        RunAsync(tags, after: true, cancellationToken);

    /// <summary>Runs the hooks that wait for such a request. One that is added meanwhile waits for the next request.</summary>
    private async Task RunAsync(IReadOnlySet<string> tags, bool after, CancellationToken cancellationToken)
    {
        foreach (Hook hook in Take(tags, after))
        {
            await hook.Work(cancellationToken);
        }
    }

    private List<Hook> Take(IReadOnlySet<string> tags, bool after)
    {
        lock (_gate)
        {
            List<Hook> taken = _hooks.FindAll(hook => hook.After == after && hook.Words.All(tags.Contains));
            _hooks.RemoveAll(taken.Contains);
            return taken;
        }
    }

    private sealed record Hook(string[] Words, bool After, Func<CancellationToken, Task> Work);
}

/// <summary>The words by which faults and hooks match requests.</summary>
internal static class RequestMatch
{
    public static string[] Words(string match) => match.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static HashSet<string> Tags(params IEnumerable<string> tags) => new(tags.Append("any"), StringComparer.OrdinalIgnoreCase);
}
