namespace SiteMonitor.Core.Ledger;

/// <summary>
/// Counts the calls of the current asynchronous flow: adapters add to <see cref="Current"/>, activities report <see cref="Total"/>.
/// </summary>
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

    /// <summary>Starts a meter that counts GitHub requests as extra until it is disposed, also for the meter around it.</summary>
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
