using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace SiteMonitor.Integrations.Storage;

/// <summary>The configured blob container, created at first use if missing.</summary>
internal sealed class LedgerContainer(LedgerOptions options) : IDisposable
{
    private const int Retries = 3;

    private readonly BlobContainerClient _client = Connect(options).GetBlobContainerClient(options.Container);
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private bool _exists;

    public async Task<BlobContainerClient> OpenAsync(CancellationToken cancellationToken)
    {
        if (_exists)
        {
            return _client;
        }

        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            if (!_exists)
            {
                await _client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                _exists = true;
            }

            return _client;
        }
        finally
        {
            _semaphore.Release();
        }
    }

    public void Dispose() => _semaphore.Dispose();

    private static BlobServiceClient Connect(LedgerOptions options)
    {
        BlobClientOptions client = new()
        {
            Retry = { MaxRetries = Retries, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(4),
                NetworkTimeout = options.RequestTimeout },
        };
        return options.ConnectionString.Length > 0
            ? new BlobServiceClient(options.ConnectionString, client)
            : new BlobServiceClient(new Uri(options.BlobServiceUri), Identity(options.ClientId), client);
    }

    private static TokenCredential Identity(string clientId) => clientId.Length == 0
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}
