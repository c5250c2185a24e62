using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using Azure.Identity;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>Creates the client for the configured deployment.</summary>
internal sealed class ChatClients(IOptions<AzureOpenAIOptions> options)
{
    private const string Agent = "SiteMonitor";

    private readonly Lazy<ChatClient> _client = new(() => Create(options.Value));

    public ChatClient Client => _client.Value;

    private static ChatClient Create(AzureOpenAIOptions settings) => settings.IsCompatibleEndpoint
        ? new ChatClient(
            settings.Deployment,
            new ApiKeyCredential(settings.ApiKey),
            AddPolicies(new OpenAIClientOptions { Endpoint = new Uri(settings.Endpoint), UserAgentApplicationId = Agent }, settings))
        : CreateAzure(settings);

    private static ChatClient CreateAzure(AzureOpenAIOptions settings)
    {
        AzureOpenAIClientOptions client = AddPolicies(new AzureOpenAIClientOptions { UserAgentApplicationId = Agent }, settings);
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

    private static T AddPolicies<T>(T client, AzureOpenAIOptions settings)
        where T : ClientPipelineOptions
    {
        client.NetworkTimeout = settings.Timeout;
        client.RetryPolicy = new ServerErrorRetryPolicy(settings.MaxRetries);
        client.AddPolicy(new CallCountingPolicy(), PipelinePosition.PerTry);
        if (settings.ReasoningModel)
        {
            client.AddPolicy(new CompletionTokensPolicy(), PipelinePosition.PerCall);
        }

        return client;
    }

    private static DefaultAzureCredentialOptions Identity(AzureOpenAIOptions settings) =>
        settings.ClientId.Length > 0 ? new() { ManagedIdentityClientId = settings.ClientId } : new();
}
