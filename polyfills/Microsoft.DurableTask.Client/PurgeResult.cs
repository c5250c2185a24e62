namespace Microsoft.DurableTask.Client;

/// <summary>How many instances were purged, and whether all that match are gone (null: not known).</summary>
public class PurgeResult
{
    public PurgeResult(int count)
        : this(count, null)
    {
    }

    public PurgeResult(int count, bool? isComplete)
    {
        PurgedInstanceCount = count >= 0 ? count : throw new ArgumentException("Count must be non-negative", nameof(count));
        IsComplete = isComplete;
    }

    public int PurgedInstanceCount { get; }

    public bool? IsComplete { get; }
}
