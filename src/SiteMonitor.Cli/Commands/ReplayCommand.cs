using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary><c>replay</c>: signs a saved webhook delivery and sends it, where GitHub cannot reach the application.</summary>
internal sealed class ReplayCommand
{
    private const string SecretVariable = "GitHub__WebhookSecret";

    private readonly Argument<string> _file = new("file") { Description = "The delivery: its JSON alone, or preceded by its headers and an empty line, as GitHub shows them." };
    private readonly Option<string?> _event = new("--event") { Description = "X-GitHub-Event. Default: from the file's headers, else from what the JSON holds." };
    private readonly Option<string?> _delivery = new("--delivery") { Description = "X-GitHub-Delivery. Default: from the file's headers, else a new one; the same one again is a redelivery." };
    private readonly Option<string?> _secret = new("--secret") { Description = $"The webhook's secret. Default: {SecretVariable}, else that of the sandbox on this machine." };

    public static Command Create(CommandBuilder builder)
    {
        ReplayCommand options = new();
        Command command = new("replay", "Sign a saved webhook delivery and send it to the application.");
        command.Arguments.Add(options._file);
        command.Options.Add(options._event);
        command.Options.Add(options._delivery);
        command.Options.Add(options._secret);
        return builder.Build(command, options.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        SavedDelivery delivery = SavedDelivery.Read(context.Arguments.GetRequiredValue(_file));
        string secret = context.Arguments.GetValue(_secret) ?? context.Terminal.Environment(SecretVariable) ?? context.Api.Target.WebhookSecret
            ?? throw new UsageException($"--secret: give the webhook's secret, or set {SecretVariable}.");
        string name = context.Arguments.GetValue(_event) ?? delivery.Event
            ?? throw new UsageException("--event: the file does not show which event it is; write for example --event issues.");
        string id = context.Arguments.GetValue(_delivery) ?? delivery.Id ?? Guid.NewGuid().ToString();
        using ByteArrayContent content = new(delivery.Body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.Add("X-GitHub-Event", name);
        content.Headers.Add("X-GitHub-Delivery", id);
        content.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), delivery.Body.Span)));

        ApiResponse<WebhookResponse> answer = await context.Api.PostAsync("github/webhook", content, ContractJson.Default.WebhookResponse, cancellationToken);
        if (answer.Value is not { } result)
        {
            return context.ShowProblem(answer);
        }

        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
            return ExitCode.Ok;
        }

        context.Terminal.Out.MarkupLineInterpolated($"{name} {id}: {(int)answer.Status} {result.Reason}");
        NextStep.Write(context.Terminal.Out, result.InstanceId is null
            ? "nothing was started; the reason is above."
            : $"instance {result.InstanceId} takes care of it: sitemonitor status --issue owner/name#number");
        return ExitCode.Ok;
    }
}

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
