using Microsoft.AspNetCore.Http;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>Reads a request's body up to a limit: what is said to be longer is refused before a byte is read, what turns out longer as soon as it does.</summary>
internal static class RequestBody
{
    private const int FirstBuffer = 32 * 1024;

    /// <param name="limit">Bytes.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            throw TooLong(limit);
        }

        byte[] buffer = new byte[(int)Math.Min(request.ContentLength ?? FirstBuffer, limit) + 1];
        int length = 0;
        while (true)
        {
            int read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (length > limit)
            {
                throw TooLong(limit);
            }

            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, limit + 1L));
            }
        }
    }

    private static RequestBodyException TooLong(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, FormattableString.Invariant($"The body is longer than {limit:#,0} bytes, the most this route takes."));
}

/// <summary>A body that is not what the route takes; answered with this status and message.</summary>
internal sealed class RequestBodyException(int status, string message, IReadOnlyList<string>? errors = null) : Exception(message)
{
    public int Status { get; } = status;

    public IReadOnlyList<string> Errors { get; } = errors ?? [];
}
