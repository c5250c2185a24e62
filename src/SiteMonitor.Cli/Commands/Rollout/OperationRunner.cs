using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Sends an operation: first as a dry run, whose plan is shown and asked about, then in earnest.</summary>
internal static class OperationRunner
{
    public static JsonTypeInfo<T> JsonType<T>() => (JsonTypeInfo<T>)RolloutJson.Options.GetTypeInfo(typeof(T));

    public static async Task<int> RunAsync(CommandContext context, string path, OperatorRequest request, OperatorOptions options, CancellationToken cancellationToken)
    {
        bool dryRun = options.IsDryRun(context);
        if (!dryRun && !options.IsConfirmed(context))
        {
            ApiResponse<OperationResult> plan = await SendAsync(context, path, request with { DryRun = true }, cancellationToken);
            if (plan.Value is not { Code: OperationResult.PlannedCode } planned)
            {
                return Show(context, plan);
            }

            // What is confirmed is this plan: once a colleague has gone on to another phase, the same request would mean something else.
            request = request with { Phase = planned.Phase.Length > 0 ? planned.Phase : request.Phase };
            OperationText.Write(context.Terminal.Error, planned);
            if (!await AskAsync(context, cancellationToken))
            {
                return ExitCode.Refused;
            }
        }

        return Show(context, await SendAsync(context, path, request with { DryRun = dryRun }, cancellationToken));
    }

    private static Task<ApiResponse<OperationResult>> SendAsync(CommandContext context, string path, OperatorRequest request, CancellationToken cancellationToken) =>
        context.Api.PostAsync(path, request, JsonType<OperatorRequest>(), JsonType<OperationResult>(), cancellationToken);

    private static int Show(CommandContext context, ApiResponse<OperationResult> answer)
    {
        if (answer.Value is not { } result)
        {
            return context.ShowProblem(answer);
        }

        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
        }
        else
        {
            OperationText.Write(context.Terminal.Out, result);
        }

        return result.Code == OperationResult.PendingCode ? ExitCode.Pending : ExitCode.Ok;
    }

    private static async Task<bool> AskAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!context.Terminal.Error.Profile.Capabilities.Interactive)
        {
            throw new UsageException("Nobody is there to confirm: add --yes to do it, or --dry-run to see only what it would do.");
        }

        bool yes = await new ConfirmationPrompt("Do it?") { DefaultValue = false }.ShowAsync(context.Terminal.Error, cancellationToken);
        if (!yes)
        {
            context.Terminal.Error.MarkupLine("Nothing was changed.");
        }

        return yes;
    }
}

/// <summary>Options of commands that change the rollout.</summary>
internal sealed class OperatorOptions
{
    public const string OperatorVariable = "SITEMONITOR_OPERATOR";

    private readonly Option<string?> _operator = new("--operator") { Description = $"Who asks, for the audit log. Default: {OperatorVariable}, else the user of this machine." };
    private readonly Option<string> _reason = new("--reason") { Description = "Why; recorded and announced.", DefaultValueFactory = _ => string.Empty };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would happen and change nothing." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask for confirmation." };

    public void AddTo(Command command)
    {
        command.Options.Add(_operator);
        command.Options.Add(_reason);
        command.Options.Add(_dryRun);
        command.Options.Add(_yes);
    }

    public bool IsDryRun(CommandContext context) => context.Arguments.GetValue(_dryRun);

    public bool IsConfirmed(CommandContext context) => context.Arguments.GetValue(_yes);

    public OperatorRequest CreateRequest(CommandContext context) => new() { Operator = FindOperator(context), Reason = context.Arguments.GetRequiredValue(_reason) };

    private string FindOperator(CommandContext context) =>
        context.Arguments.GetValue(_operator)
        ?? context.Terminal.Environment(OperatorVariable)
        ?? context.Terminal.Environment("USER")
        ?? context.Terminal.Environment("USERNAME")
        ?? throw new UsageException($"Who asks? Give --operator, or set {OperatorVariable}.");
}
