using System.Text;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>The size limit of what is stored.</summary>
internal static class Payloads
{
    /// <exception cref="ArgumentException">It is larger than <see cref="DurableEngineOptions.MaxPayloadBytes"/>.</exception>
    public static string? Check(string? payload, string what, DurableEngineOptions options)
    {
        // A UTF-16 unit takes three bytes of UTF-8 at most: a short text needs no counting.
        if (payload is not null && payload.Length > options.MaxPayloadBytes / 3 && Encoding.UTF8.GetByteCount(payload) is int size && size > options.MaxPayloadBytes)
        {
            throw new ArgumentException($"The {what} has {size:N0} bytes of JSON; the limit is {options.MaxPayloadBytes:N0}. Pass a reference to the data instead.");
        }

        return payload;
    }
}
