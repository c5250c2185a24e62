namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Two hosts on one database would each run the same orchestrations: the second one is refused.</summary>
public sealed class DatabaseInUseException(string path, string processId) : Exception(
    $"The durable database '{path}' is in use by another host (process {processId}). Stop that host, or give this one a database of its own.");
