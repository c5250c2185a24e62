namespace SiteMonitor.Core.Backtest;

/// <summary>An issue that is opened in a simulated rollout.</summary>
/// <param name="Row">Null for an issue that could not be decided: its run fails.</param>
/// <param name="Key">Unique also when the pattern is repeated.</param>
internal sealed record Arrival(DateTimeOffset At, int Number, string Key, BacktestRow? Row);

/// <summary>The times at which a backtest's issues were opened, repeated as often as wanted.</summary>
internal sealed class ArrivalPattern
{
    private readonly Arrival[] _once;
    private readonly TimeSpan _length;

    public ArrivalPattern(IEnumerable<BacktestRow> rows, IEnumerable<BacktestProblem> problems)
    {
        _once =
        [
            .. rows.Select(r => new Arrival(r.CreatedAt, r.Number, string.Empty, r))
                .Concat(from problem in problems
                        where problem.CreatedAt is not null
                        select new Arrival(problem.CreatedAt!.Value, problem.Number, string.Empty, null))
                .OrderBy(a => a.At).ThenBy(a => a.Number),
        ];

        // The pause after the last issue is unknown: the mean stands for it.
        TimeSpan span = _once.Length == 0 ? TimeSpan.Zero : _once[^1].At - _once[0].At;
        _length = _once.Length < 2 ? TimeSpan.Zero : span + (span / (_once.Length - 1));
    }

    /// <summary>Whether there are issues at different times, so that there is a pattern.</summary>
    public bool IsKnown => _length > TimeSpan.Zero;

    public DateTimeOffset Start => _once[0].At;

    public int Count => _once.Length;

    /// <summary>Returns the time from the first arrival to this one, counted from 1; null when there are fewer.</summary>
    public TimeSpan? GetTimeOf(int arrival) => arrival <= _once.Length ? _once[arrival - 1].At - Start : null;

    /// <summary>Returns the arrivals without end.</summary>
    public IEnumerable<Arrival> Repeat()
    {
        for (int cycle = 0; ; cycle++)
        {
            foreach (Arrival arrival in _once)
            {
                yield return arrival with
                {
                    At = arrival.At + (_length * cycle),
                    Key = FormattableString.Invariant($"replay/issues#{arrival.Number}.{cycle}"),
                };
            }
        }
    }
}
