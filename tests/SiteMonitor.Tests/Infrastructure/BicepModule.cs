namespace SiteMonitor.Tests.Infrastructure;

internal sealed record BicepModule(string Symbol, string Path, IReadOnlyList<string> Arguments);
