using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.LocalHost.Functions.Invocation;

internal sealed class LocalBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
{
    public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
}
