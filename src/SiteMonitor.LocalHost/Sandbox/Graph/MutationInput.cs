namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <summary>A mutation's <c>input</c>, already checked against the schema.</summary>
internal sealed class MutationInput(Dictionary<string, object?> values)
{
    public bool Has(string name) => values.ContainsKey(name);

    public string? Text(string name) => values.GetValueOrDefault(name) as string;

    public string Required(string name) => (string)values[name]!;

    /// <summary>Null when the field is absent.</summary>
    public IReadOnlyList<string>? Ids(string name) => values.GetValueOrDefault(name) is IEnumerable<object?> ids ? [.. ids.OfType<string>()] : null;
}
