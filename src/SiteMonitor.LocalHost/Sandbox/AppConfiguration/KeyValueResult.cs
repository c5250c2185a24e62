using System.Net;

namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>What became of a write.</summary>
internal sealed record KeyValueResult(HttpStatusCode Status, KeyValue? KeyValue, bool Removed = false);
