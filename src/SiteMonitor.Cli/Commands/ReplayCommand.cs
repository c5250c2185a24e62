using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Deliveries;
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
