namespace SiteMonitor.Core.Ledger;

/// <summary>Counts what the current asynchronous flow spends. Adapters add to <see cref="Current"/>; an activity opens one with <see cref="Start"/> and reports <see cref="Total"/>.</summary>
public sealed class CallMeter : IDisposable
{
    private static readonly AsyncLocal<CallMeter?> Ambient = new();
    private readonly Lock _gate = new();
    private readonly CallMeter? _outer = Ambient.Value;
    private Usage _total = Usage.Zero;

    private readonly bool _asExtra;

    private CallMeter(bool asExtra)
    {
        _asExtra = asExtra;
        Ambient.Value = this;
    }

    public static CallMeter? Current => Ambient.Value;

    public Usage Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    public static CallMeter Start() => new(asExtra: false);

    /// <summary>Until it is disposed, GitHub requests of this flow count as extra: with the meter that is on, too.</summary>
    public static CallMeter StartExtra() => new(asExtra: true);

    public static void Add(Usage usage) => Current?.AddCore(usage);

    public void Dispose() => Ambient.Value = _outer;

    private void AddCore(Usage usage)
    {
        Usage counted = _asExtra ? usage.AsExtra() : usage;
        lock (_gate)
        {
            _total += counted;
        }

        if (_asExtra)
        {
            _outer?.AddCore(counted);
        }
    }
}
