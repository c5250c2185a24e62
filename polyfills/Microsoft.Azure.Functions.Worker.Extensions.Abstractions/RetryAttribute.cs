namespace Microsoft.Azure.Functions.Worker;

/// <summary>How the host retries the function when it throws.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    public RetryAttribute()
    {
    }

    public int MaxRetryCount { get; set; }
}
