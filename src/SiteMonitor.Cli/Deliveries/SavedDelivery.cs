using System.Text;
using System.Text.Json;

namespace SiteMonitor.Cli.Deliveries;

/// <summary>A webhook delivery in a file: JSON alone, or after header lines and an empty line. The body's bytes are kept as they are, for the signature covers them.</summary>
/// <param name="Event">Null when neither headers nor JSON show it.</param>
/// <param name="Id">Null without headers.</param>
internal sealed record SavedDelivery(string? Event, string? Id, ReadOnlyMemory<byte> Body)
{
    private const long MaxBytes = 26_214_400;

    /// <exception cref="UsageException">The file is not there, too long, or holds no JSON object.</exception>
    public static SavedDelivery Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length > MaxBytes
                ? throw new UsageException($"{path} has {length} bytes; GitHub sends at most {MaxBytes}.")
                : Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path} holds no delivery: {e.Message} Save the delivery's payload as JSON.");
        }
    }

    public static SavedDelivery Parse(ReadOnlyMemory<byte> bytes)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        ReadOnlyMemory<byte> body = bytes;
        if (bytes.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            int start = BodyStart(bytes.Span);
            body = bytes[start..];
            foreach (string line in Encoding.UTF8.GetString(bytes.Span[..start]).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split(':', 2, StringSplitOptions.TrimEntries) is [var name, var value])
                {
                    headers[name] = value;
                }
            }
        }

        using JsonDocument json = JsonDocument.Parse(body);
        return json.RootElement.ValueKind == JsonValueKind.Object
            ? new SavedDelivery(headers.GetValueOrDefault("X-GitHub-Event") ?? EventOf(json.RootElement), headers.GetValueOrDefault("X-GitHub-Delivery"), body)
            : throw new JsonException("It is no JSON object.");
    }

    private static int BodyStart(ReadOnlySpan<byte> bytes)
    {
        int unix = bytes.IndexOf("\n\n"u8);
        int windows = bytes.IndexOf("\r\n\r\n"u8);
        return windows >= 0 && (unix < 0 || windows < unix) ? windows + 4 : unix >= 0 ? unix + 2 : throw new JsonException("There is neither a JSON object nor an empty line after headers.");
    }

    private static string? EventOf(JsonElement json) =>
        json.TryGetProperty("zen", out _) ? "ping"
        : json.TryGetProperty("pull_request", out _) ? "pull_request"
        : json.TryGetProperty("comment", out _) ? "issue_comment"
        : json.TryGetProperty("issue", out _) ? "issues"
        : null;
}
