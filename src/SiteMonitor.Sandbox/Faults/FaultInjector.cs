namespace SiteMonitor.Sandbox.Faults;

/// <summary>Holds the fault rules. The first rule that matches a request decides, in the order in which they were added.</summary>
internal sealed class FaultInjector(int seed)
{
    private readonly Lock _gate = new();
    private readonly List<ActiveRule> _rules = [];
    private readonly Dictionary<FaultRule, int> _injected = [];
    private readonly Random _random = new(seed);

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules.Select(r => r.Rule with { Skip = r.Skip, Times = r.Rule.Times == 0 ? 0 : r.Remaining })];
            }
        }
    }

    /// <summary>How many requests each rule has made to fail, including rules that were removed.</summary>
    public IReadOnlyDictionary<FaultRule, int> Injected
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<FaultRule, int>(_injected);
            }
        }
    }

    public void Add(FaultRule rule)
    {
        lock (_gate)
        {
            _rules.Add(new ActiveRule(rule));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    /// <summary>Returns the fault for this request, or null.</summary>
    /// <param name="text">The body of a request to the model; empty for other requests.</param>
    public FaultRule? Next(IReadOnlySet<string> tags, string text = "")
    {
        lock (_gate)
        {
            foreach (ActiveRule active in _rules)
            {
                if (active.Matches(tags, text, _random))
                {
                    if (active.IsUsedUp)
                    {
                        _rules.Remove(active);
                    }

                    _injected[active.Rule] = _injected.GetValueOrDefault(active.Rule) + 1;
                    return active.Rule;
                }
            }

            return null;
        }
    }

    private sealed class ActiveRule(FaultRule rule)
    {
        private readonly string[] _words = RequestMatch.Words(rule.Match);

        public FaultRule Rule { get; } = rule;

        public int Skip { get; private set; } = rule.Skip;

        public int Remaining { get; private set; } = rule.Times;

        public bool IsUsedUp => Rule.Times > 0 && Remaining == 0;

        // The random numbers select requests; nothing depends on them being unpredictable.
#pragma warning disable CA5394
        public bool Matches(IReadOnlySet<string> tags, string text, Random random)
        {
            if (!_words.All(tags.Contains)
                || !text.Contains(Rule.Contains, StringComparison.Ordinal)
                || (Rule.Probability < 1 && random.NextDouble() >= Rule.Probability))
            {
                return false;
            }

            if (Skip > 0)
            {
                Skip--;
                return false;
            }

            Remaining--;
            return true;
        }
#pragma warning restore CA5394
    }
}
