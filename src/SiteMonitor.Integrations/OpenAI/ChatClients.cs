using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using Azure.Identity;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Creates the clients for the configured deployment.</summary>
internal sealed class ChatClients(IOptions<AzureOpenAIOptions> options, CircuitBreakers breakers)
{
    private const string Agent = "SiteMonitor";

    private readonly Lazy<ChatClient> _client =
        new(() => Create(options.Value, options.Value.MaxRetries, new CircuitBreakerPolicy(breakers.Get(CircuitBreakers.Model))));

    private readonly Lazy<ChatClient> _probe = new(() => Create(options.Value, maxRetries: 0, breaker: null));

    private readonly Lazy<ChatClient> _withoutBreaker = new(() => Create(options.Value, options.Value.MaxRetries, breaker: null));

    public ChatClient Client => _client.Value;

    /// <summary>Sends requests, with the same retries, past the circuit breaker.</summary>
    public ChatClient WithoutBreaker => _withoutBreaker.Value;

    /// <summary>Sends one request, past the circuit breaker.</summary>
    public ChatClient Probe => _probe.Value;

    private static ChatClient Create(AzureOpenAIOptions settings, int maxRetries, CircuitBreakerPolicy? breaker)
    {
        if (!settings.IsCompatibleEndpoint)
        {
            AzureOpenAIClientOptions azure = new() { UserAgentApplicationId = Agent };
            AddPolicies(azure, settings, maxRetries, breaker);
            return CreateAzure(settings, azure);
        }

        OpenAIClientOptions compatible = new() { Endpoint = new Uri(settings.Endpoint), UserAgentApplicationId = Agent };
        AddPolicies(compatible, settings, maxRetries, breaker);
        return new ChatClient(settings.Deployment, new ApiKeyCredential(settings.ApiKey), compatible);
    }

    private static ChatClient CreateAzure(AzureOpenAIOptions settings, AzureOpenAIClientOptions client)
    {
        if (settings.ApiVersion.Length > 0)
        {
            client.AddPolicy(new ApiVersionPolicy(settings.ApiVersion), PipelinePosition.PerCall);
        }

        Uri endpoint = new(settings.Endpoint);
        AzureOpenAIClient azure = settings.ApiKey.Length > 0
            ? new AzureOpenAIClient(endpoint, new ApiKeyCredential(settings.ApiKey), client)
            : new AzureOpenAIClient(endpoint, new DefaultAzureCredential(Identity(settings)), client);
        return azure.GetChatClient(settings.Deployment);
    }

    private static void AddPolicies(
        ClientPipelineOptions client, AzureOpenAIOptions settings, int maxRetries, CircuitBreakerPolicy? breaker)
    {
        client.NetworkTimeout = settings.Timeout;
        client.RetryPolicy = new ServerErrorRetryPolicy(maxRetries);
        if (breaker is not null)
        {
            client.AddPolicy(breaker, PipelinePosition.PerTry);
        }

        client.AddPolicy(new CallCountingPolicy(), PipelinePosition.PerTry);
        if (settings.ReasoningModel)
        {
            client.AddPolicy(new CompletionTokensPolicy(), PipelinePosition.PerCall);
        }
    }

    private static DefaultAzureCredentialOptions Identity(AzureOpenAIOptions settings) =>
        settings.ClientId.Length > 0 ? new() { ManagedIdentityClientId = settings.ClientId } : new();
}
