using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>
/// A delivery's body whose signature is right. Anybody may send one, so it is read with little memory: a missing or malformed signature is
/// refused before a byte is read, the buffer grows with what arrives, a slow sender is cut off, and all bodies together may not exceed
/// a limit, part of which long bodies leave to short ones.
/// </summary>
internal sealed class SignedBody : IDisposable
{
    /// <summary>GitHub's limit for payloads (docs.github.com/webhooks/webhook-events-and-payloads): 25 MB.</summary>
    internal const int MaxLength = 25 * 1024 * 1024;

    /// <summary>Most bytes of all bodies that are being read or handled in this process.</summary>
    private const int MaxTotalLength = 64 * 1024 * 1024;

    /// <summary>Most bytes of all bodies at which a buffer over <see cref="ShortLength"/> is still rented.</summary>
    private const int MaxTotalForLong = MaxTotalLength / 4 * 3;

    /// <summary>Nearly every delivery is far shorter.</summary>
    private const int ShortLength = 1024 * 1024;

    private const int FirstLength = 16 * 1024;

    /// <summary>GitHub itself gives up after this time (docs.github.com/webhooks/testing-and-troubleshooting-webhooks).</summary>
    private static readonly TimeSpan MaxReadTime = TimeSpan.FromSeconds(10);

    private static long _totalLength;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstLength);
    private int _length;

    private SignedBody() => Reserve(_buffer.Length);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the body and verifies its signature.</summary>
    /// <returns>The body, or null when its signature is missing or wrong.</returns>
    /// <exception cref="HttpProblemException">The body is too long or too slow, or too many bodies are being read.</exception>
    public static async Task<SignedBody?> ReadAsync(
        HttpRequest request, string secret, TimeProvider systemTime, CancellationToken cancellationToken)
    {
        byte[] expected = new byte[SHA256.HashSizeInBytes];
        if (secret.Length == 0 || !WebhookSignature.TryParse(request.Headers[WebhookSignature.HeaderName], expected))
        {
            return null;
        }

        if (request.ContentLength > MaxLength)
        {
            throw RequestBody.TooLong(MaxLength);
        }

        using CancellationTokenSource timeout = new(MaxReadTime, systemTime);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        SignedBody body = new();
        bool isVerified = false;
        try
        {
            byte[] actual = await body.ReadAndHashAsync(request.Body, Encoding.UTF8.GetBytes(secret), stop.Token);
            isVerified = CryptographicOperations.FixedTimeEquals(expected, actual);
            return isVerified ? body : null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw RequestBody.Refuse(
                StatusCodes.Status408RequestTimeout,
                FormattableString.Invariant($"The body did not arrive within {MaxReadTime.TotalSeconds:0} seconds. Send it again."));
        }
        finally
        {
            if (!isVerified)
            {
                body.Dispose();
            }
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            Interlocked.Add(ref _totalLength, -_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private async Task<byte[]> ReadAndHashAsync(Stream stream, byte[] key, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Grow();
            }

            int read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
            {
                return hash.GetHashAndReset();
            }

            hash.AppendData(_buffer, _length, read);
            _length += read;
            if (_length > MaxLength)
            {
                throw RequestBody.TooLong(MaxLength);
            }
        }
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        Interlocked.Add(ref _totalLength, -_buffer.Length);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        Reserve(larger.Length);
    }

    private void Reserve(int length)
    {
        if (Interlocked.Add(ref _totalLength, length) > (length > ShortLength ? MaxTotalForLong : MaxTotalLength))
        {
            Dispose();
            throw new HttpProblemException(
                StatusCodes.Status503ServiceUnavailable, "Too many deliveries arrive at once.", "Send the delivery again in a minute.");
        }
    }
}
