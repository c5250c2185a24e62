namespace SiteMonitor.Sandbox.Faults;

/// <summary>The faults still to come. Rules are asked in the order they were added; the first that hits decides.</summary>
internal sealed class FaultInjector(int seed)
{
    private readonly Lock _gate = new();
    private readonly List<Armed> _rules = [];
    private readonly Random _dice = new(seed);

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules.Select(r => r.Rule with { Skip = r.Skip, Times = r.Rule.Times == 0 ? 0 : r.Left })];
            }
        }
    }

    public void Add(FaultRule rule)
    {
        lock (_gate)
        {
            _rules.Add(new Armed(rule));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    /// <summary>The fault that hits this request, or null.</summary>
    public FaultRule? Next(IReadOnlySet<string> tags)
    {
        lock (_gate)
        {
            foreach (Armed armed in _rules)
            {
                if (armed.Hits(tags, _dice))
                {
                    if (armed.IsSpent)
                    {
                        _rules.Remove(armed);
                    }

                    return armed.Rule;
                }
            }

            return null;
        }
    }

    private sealed class Armed(FaultRule rule)
    {
        private readonly string[] _words = RequestMatch.Words(rule.Match);

        public FaultRule Rule { get; } = rule;

        public int Skip { get; private set; } = rule.Skip;

        public int Left { get; private set; } = rule.Times;

        public bool IsSpent => Rule.Times > 0 && Left == 0;

        // Random decides who is hit, never anything secret.
#pragma warning disable CA5394
        public bool Hits(IReadOnlySet<string> tags, Random dice)
        {
            if (!_words.All(tags.Contains) || (Rule.Probability < 1 && dice.NextDouble() >= Rule.Probability))
            {
                return false;
            }

            if (Skip > 0)
            {
                Skip--;
                return false;
            }

            Left--;
            return true;
        }
#pragma warning restore CA5394
    }
}
