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

    private async Task RunAsync(IReadOnlySet<string> tags, bool after, CancellationToken cancellationToken)
    {
        while (Take(tags, after) is { } hook)
        {
            await hook.Work(cancellationToken);
        }
    }

    private Hook? Take(IReadOnlySet<string> tags, bool after)
    {
        lock (_gate)
        {
            Hook? hook = _hooks.Find(h => h.After == after && h.Words.All(tags.Contains));
            if (hook is not null)
            {
                _hooks.Remove(hook);
            }

            return hook;
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
