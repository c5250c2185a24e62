using System.Net;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>How to start the host. Everything has a default that suits a developer's machine.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>Holds <c>host.json</c> and <c>local.settings.json</c>.</summary>
    public string Root { get; init; } = AppContext.BaseDirectory;

    /// <summary>Where databases and keys are kept; created when absent.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = 7071;

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
