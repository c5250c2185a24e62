namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>The database was not written by this version's engine or an older one.</summary>
public sealed class SchemaException(string message) : Exception(message);
