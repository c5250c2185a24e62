namespace SiteMonitor.Tests.Infrastructure;

/// <summary>The long mode, <c>dotnet dev.cs test --long</c>: tests do more than there is time for on every change.</summary>
internal static class LongTests
{
    public static bool IsEnabled => Environment.GetEnvironmentVariable("SITEMONITOR_LONG_TESTS") is { Length: > 0 };
}
