namespace DurableTask.Sqlite.Tests;

/// <summary>The system's clock, but wrong by as much as one likes: it can go back, which a simulated one cannot.</summary>
internal sealed class SettableClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
