using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.AppConfiguration;

/// <summary>Reads and writes the key-values of a store.</summary>
public partial class ConfigurationClient
{
    private readonly SyncTokenPolicy _syncTokens = new();
    private readonly SettingRequests _requests;

    public ConfigurationClient(string connectionString)
        : this(connectionString, new ConfigurationClientOptions())
    {
    }

    public ConfigurationClient(string connectionString, ConfigurationClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        ArgumentNullException.ThrowIfNull(options);
        ConnectionString parts = ConnectionString.Parse(connectionString);
        Pipeline = Build(options, new HmacPolicy(parts.Id, parts.Secret));
        _requests = new SettingRequests(Pipeline, parts.Endpoint, options.Version);
    }

    public ConfigurationClient(Uri endpoint, TokenCredential credential)
        : this(endpoint, credential, new ConfigurationClientOptions())
    {
    }

    public ConfigurationClient(Uri endpoint, TokenCredential credential, ConfigurationClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(options);
        Pipeline = Build(options, new BearerTokenAuthenticationPolicy(credential, options.ScopeFor(endpoint)));
        _requests = new SettingRequests(Pipeline, endpoint, options.Version);
    }

    /// <summary>For mocking.</summary>
    protected ConfigurationClient()
    {
    }

    public virtual HttpPipeline Pipeline { get; }

    public virtual void UpdateSyncToken(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        _syncTokens.Add(token);
    }

    private HttpPipeline Build(ConfigurationClientOptions options, HttpPipelinePolicy authentication) =>
        HttpPipelineBuilder.Build(options, [], [authentication, _syncTokens], new ResponseClassifier());

    // One body for both: without async every await below is of a finished task.
    private async ValueTask<Response> Send(HttpMessage message, bool async, CancellationToken cancellationToken)
    {
        using (message)
        {
            if (async)
            {
                await Pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                Pipeline.Send(message, cancellationToken);
            }

            return message.Response;
        }
    }
}
