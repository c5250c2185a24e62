namespace SiteMonitor.Core.Metering;

/// <summary>Counts what the current asynchronous flow spends. Adapters add to <see cref="Current"/>; an activity opens one with <see cref="Start"/> and reports <see cref="Total"/>.</summary>
public sealed class CallMeter : IDisposable
{
    private static readonly AsyncLocal<CallMeter?> Ambient = new();
    private readonly Lock _gate = new();
    private readonly CallMeter? _outer = Ambient.Value;
    private Usage _total = Usage.Zero;

    private CallMeter() => Ambient.Value = this;

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

    public static CallMeter Start() => new();

    public static void Add(Usage usage) => Current?.AddCore(usage);

    public void Dispose() => Ambient.Value = _outer;

    private void AddCore(Usage usage)
    {
        lock (_gate)
        {
            _total += usage;
        }
    }
}
