using Azure;
using Azure.Identity;
using SiteMonitor.Core;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Converts exceptions of the storage client to our own, without request data.</summary>
internal static class StorageFailures
{
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException failure) when (failure.Status is 401 or 403)
        {
            throw new PermanentFailureException(
                "storage-forbidden",
                $"The storage account refuses access ({failure.ErrorCode ?? "no code"}): give the identity of Ledger:ClientId the role " +
                    "Storage Blob Data Contributor on it.");
        }
        catch (RequestFailedException failure) when (failure is { Status: 409, ErrorCode: "BlockCountExceedsLimit" })
        {
            throw new PermanentFailureException("storage-day-full", "The day's blob has reached its limit of 50,000 records.");
        }
        catch (RequestFailedException failure) when (failure.Status > 0)
        {
            throw new TransientFailureException("storage-failed",
                $"The storage account answered {failure.Status} ({failure.ErrorCode ?? "no code"}).");
        }
        catch (AuthenticationFailedException)
        {
            throw new TransientFailureException("storage-sign-in",
                "The managed identity got no token for the storage account: check Ledger:ClientId.");
        }
        catch (Exception failure) when (failure is RequestFailedException or AggregateException or IOException or HttpRequestException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TransientFailureException("storage-unreachable",
                "The storage account does not answer: check Ledger:BlobServiceUri and the network.");
        }
    }
}
