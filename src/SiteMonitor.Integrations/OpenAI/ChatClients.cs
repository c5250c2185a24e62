using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using Azure.Identity;
using Microsoft.Extensions.Options;
using OpenAI.Chat;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Creates the client for the configured deployment.</summary>
internal sealed class ChatClients(IOptions<AzureOpenAIOptions> options)
{
    private readonly Lazy<ChatClient> _client = new(() => Create(options.Value));

    public ChatClient Client => _client.Value;

    private static ChatClient Create(AzureOpenAIOptions settings)
    {
        AzureOpenAIClientOptions client = new()
        {
            NetworkTimeout = settings.Timeout,
            RetryPolicy = new ServerErrorRetryPolicy(settings.MaxRetries),
            UserAgentApplicationId = "SiteMonitor",
        };
        client.AddPolicy(new CallCountingPolicy(), PipelinePosition.PerTry);
        if (settings.ReasoningModel)
        {
            client.AddPolicy(new CompletionTokensPolicy(), PipelinePosition.PerCall);
        }

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

    private static DefaultAzureCredentialOptions Identity(AzureOpenAIOptions settings) =>
        settings.ClientId.Length > 0 ? new() { ManagedIdentityClientId = settings.ClientId } : new();
}
