using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>replay</c>: signs a saved webhook delivery and sends it, for applications that GitHub cannot reach.</summary>
internal sealed class ReplayCommand
{
    private const string SecretVariable = "GitHub__WebhookSecret";

    private readonly Argument<string> _file = new("file")
    {
        Description = "The delivery: its JSON, optionally preceded by its headers and an empty line, as GitHub shows them.",
    };

    private readonly Option<string?> _event = new("--event")
    {
        Description = "X-GitHub-Event. Default: from the file's headers, else from the content of the JSON.",
    };

    private readonly Option<string?> _delivery = new("--delivery")
    {
        Description = "X-GitHub-Delivery. Default: from the file's headers, else a new one. A repeated id is a redelivery.",
    };

    private readonly Option<string?> _secret = new("--secret")
    {
        Description = $"The webhook's secret. Default: {SecretVariable}, else that of the sandbox on this machine.",
    };

    public static Command Create(CommandBuilder builder)
    {
        ReplayCommand instance = new();
        Command command = new("replay", "Sign a saved webhook delivery and send it to the application.");
        command.Arguments.Add(instance._file);
        command.Options.Add(instance._event);
        command.Options.Add(instance._delivery);
        command.Options.Add(instance._secret);
        return builder.Build(command, instance.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        SavedDelivery delivery = SavedDelivery.Read(context.Arguments.GetRequiredValue(_file));
        string secret = context.Arguments.GetValue(_secret)
            ?? context.Terminal.Environment(SecretVariable)
            ?? context.Api.Target.WebhookSecret
            ?? throw new UsageException($"--secret: pass the webhook's secret, or set {SecretVariable}.");
        string name = context.Arguments.GetValue(_event)?.Trim() ?? delivery.Event
            ?? throw new UsageException("--event: the file does not show the event; add for example --event issues.");
        string id = context.Arguments.GetValue(_delivery) ?? delivery.Id ?? Guid.NewGuid().ToString();
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), delivery.Body.Span);
        using ByteArrayContent content = new(delivery.Body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.Add("X-GitHub-Event", name);
        content.Headers.Add("X-GitHub-Delivery", id);
        content.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(signature));

        ApiResponse<WebhookResponse> response =
            await context.Api.PostAsync<WebhookResponse>("github/webhook", content, cancellationToken);
        return context.Show(response, (console, result) =>
        {
            console.WriteStyledLine($"{name} {id}: {(int)response.Status} {result.Reason}");

            // Only 202 means that a run was started or queued.
            console.WriteNextStep(result.InstanceId is null || response.Status != HttpStatusCode.Accepted
                ? "nothing was started; the reason is above."
                : $"instance {result.InstanceId} processes it: sitemonitor status --issue owner/name#number");
        });
    }
}

/// <summary>Holds a saved webhook delivery. The body's bytes are kept unchanged because the signature covers them.</summary>
/// <param name="Event">Null if neither headers nor JSON show it.</param>
/// <param name="Id">Null without headers.</param>
internal sealed record SavedDelivery(string? Event, string? Id, ReadOnlyMemory<byte> Body)
{
    /// <summary>GitHub's limit for a payload, 25 MB.</summary>
    private const long MaxBytes = 26_214_400;

    /// <exception cref="UsageException">The file is missing, too long, or contains no JSON object.</exception>
    public static SavedDelivery Read(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new UsageException($"{path} is a directory; name the file of a delivery.");
            }

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
            throw new UsageException($"{path} is not a delivery: {e.Message} Save the delivery's payload as JSON.");
        }
    }

    public static SavedDelivery Parse(ReadOnlyMemory<byte> saved)
    {
        // Editors add a byte order mark; GitHub signs the payload without one.
        ReadOnlyMemory<byte> bytes = saved.Span.StartsWith(Encoding.UTF8.Preamble) ? saved[Encoding.UTF8.Preamble.Length..] : saved;
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        ReadOnlyMemory<byte> body = bytes;
        if (bytes.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            int start = FindBody(bytes.Span);
            body = bytes[start..];
            string[] lines = Encoding.UTF8.GetString(bytes.Span[..start])
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (string line in lines)
            {
                if (line.Split(':', 2, StringSplitOptions.TrimEntries) is [var name, var value])
                {
                    headers[name] = value;
                }
            }
        }

        using JsonDocument json = JsonDocument.Parse(body);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("It is not a JSON object.");
        }

        string? eventName = headers.GetValueOrDefault("X-GitHub-Event") ?? GuessEvent(json.RootElement);
        return new SavedDelivery(eventName, headers.GetValueOrDefault("X-GitHub-Delivery"), body);
    }

    private static int FindBody(ReadOnlySpan<byte> bytes)
    {
        int unix = bytes.IndexOf("\n\n"u8);
        int windows = bytes.IndexOf("\r\n\r\n"u8);
        if (windows >= 0 && (unix < 0 || windows < unix))
        {
            return windows + 4;
        }

        return unix >= 0 ? unix + 2 : throw new JsonException("It has neither a JSON object nor an empty line after headers.");
    }

    private static string? GuessEvent(JsonElement json) =>
        json.TryGetProperty("zen", out _) ? "ping"
        : json.TryGetProperty("pull_request", out _) ? "pull_request"
        : json.TryGetProperty("comment", out _) ? "issue_comment"
        : json.TryGetProperty("issue", out _) ? "issues"
        : null;
}
