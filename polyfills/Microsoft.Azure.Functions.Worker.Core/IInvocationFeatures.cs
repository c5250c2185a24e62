namespace Microsoft.Azure.Functions.Worker;

/// <summary>What bindings and middleware leave for each other during one invocation.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    T? Get<T>();
}
