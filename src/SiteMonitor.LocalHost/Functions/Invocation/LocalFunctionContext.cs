using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>One invocation in this process.</summary>
internal sealed class LocalFunctionContext(
    FunctionDefinition definition,
    object? trigger,
    IServiceProvider services,
    IReadOnlyDictionary<string, object?> bindingData,
    CancellationToken cancellationToken) : FunctionContext
{
    private LocalTraceContext? _trace;
    private LocalBindingContext? _binding;
    private InvocationFeatures? _features;
    private string? _invocationId;

    /// <summary>What the trigger's parameter gets: the HTTP request, the timer, the orchestration's context, the activity's input.</summary>
    public object? Trigger { get; } = trigger;

    public override string InvocationId => _invocationId ??= Guid.NewGuid().ToString();

    public override string FunctionId => definition.Id;

    public override TraceContext TraceContext => _trace ??= new LocalTraceContext(Activity.Current);

    public override BindingContext BindingContext => _binding ??= new LocalBindingContext(bindingData);

    public override RetryContext RetryContext => NoRetryContext.Instance;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    public override CancellationToken CancellationToken => cancellationToken;
}
