namespace Microsoft.Azure.Functions.Worker;

/// <summary>Data the trigger came with, by name.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
