namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>Gives one parameter its value.</summary>
internal delegate object? ParameterBinder(LocalFunctionContext context);
