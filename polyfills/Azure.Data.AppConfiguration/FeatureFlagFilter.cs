namespace Azure.Data.AppConfiguration;

/// <summary>One condition of a feature flag; who reads the flag evaluates it.</summary>
public class FeatureFlagFilter
{
    public FeatureFlagFilter(string name)
        : this(name, new Dictionary<string, object>())
    {
    }

    public FeatureFlagFilter(string name, IDictionary<string, object> parameters)
    {
        Name = name;
        Parameters = parameters;
    }

    public string Name { get; }

    public IDictionary<string, object> Parameters { get; }
}
