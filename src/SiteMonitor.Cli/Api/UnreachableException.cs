namespace SiteMonitor.Cli.Api;

/// <summary>Nothing answers at the application's address, or not in time.</summary>
internal sealed class UnreachableException(string message) : Exception(message);
