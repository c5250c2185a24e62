namespace SiteMonitor.LocalHost.Sandbox.State;

/// <summary>An entry of a 422's <c>errors</c> array.</summary>
internal sealed record FieldError(string Resource, string Field, string Code, string Message, string? Value);
