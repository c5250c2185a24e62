using Microsoft.AspNetCore.Http;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>Reads a request's body up to a limit. A longer Content-Length is refused before a byte is read.</summary>
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

    public static HttpProblemException Refuse(int status, string detail, IReadOnlyList<string>? errors = null) =>
        new(status, "The request's body was refused.", detail, errors);

    public static HttpProblemException TooLong(int limit) => Refuse(
        StatusCodes.Status413PayloadTooLarge,
        FormattableString.Invariant($"The body is longer than {limit:#,0} bytes, the most this route accepts."));
}
