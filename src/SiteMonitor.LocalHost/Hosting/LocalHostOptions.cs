using System.Net;
using Microsoft.Extensions.Configuration;
using SiteMonitor.LocalHost.Durable;
using SiteMonitor.LocalHost.Functions.Http;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>What to build a host from.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>Holds <c>host.json</c> and <c>local.settings.json</c>.</summary>
    public required string Root { get; init; }

    /// <summary>Where databases are kept.</summary>
    public required DataDirectory Data { get; init; }

    public required FunctionKeys Keys { get; init; }

    /// <summary>Loopback unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>When a step that has been reported is safe.</summary>
    public DurabilityMode Durability { get; init; } = DurabilityMode.Full;

    /// <summary>How long the durable engine keeps finished instances; null for ever.</summary>
    public TimeSpan? KeepFinished { get; init; }

    /// <summary>Settings that win over files and environment.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether environment variables are settings too.</summary>
    public bool UseEnvironment { get; init; } = true;

    /// <summary>The types whose <c>[Function]</c> methods run.</summary>
    public required IReadOnlyList<Type> FunctionTypes { get; init; }

    /// <summary>Registers the function app's own services.</summary>
    public required Action<IServiceCollection, IConfiguration> AddApp { get; init; }

    /// <summary>Registrations that replace earlier ones.</summary>
    public Action<IServiceCollection> Override { get; init; } = static _ => { };
}
