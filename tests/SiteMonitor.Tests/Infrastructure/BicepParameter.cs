namespace SiteMonitor.Tests.Infrastructure;

internal sealed record BicepParameter(string Name, bool HasDefault);
