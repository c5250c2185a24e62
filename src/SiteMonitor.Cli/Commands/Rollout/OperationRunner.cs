using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Operations;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Runs operations: sends dry runs, asks for confirmation of their plans, then sends the operations themselves.</summary>
internal sealed class OperationRunner(CommandContext context, string path, OperatorOptions options, RollbackFallback? fallback = null)
{
    public static Task<int> RunAsync(
        CommandContext context, string path, OperatorRequest request, OperatorOptions options, CancellationToken cancellationToken) =>
        new OperationRunner(context, path, options).RunAsync([request], cancellationToken);

    /// <summary>Runs several requests of one kind after a single confirmation.</summary>
    /// <returns>The highest exit code; a refused plan ends the command.</returns>
    public async Task<int> RunAsync(IReadOnlyList<OperatorRequest> requests, CancellationToken cancellationToken)
    {
        bool dryRun = options.IsDryRun(context);
        int exitCode = ExitCode.Ok;
        if (!dryRun && !options.IsConfirmed(context))
        {
            List<OperatorRequest> planned = [];
            foreach (OperatorRequest request in requests)
            {
                ApiResponse<OperationResult> response = await SendAsync(request with { DryRun = true }, cancellationToken);
                if (response.Value is { Code: OperationResult.PlannedCode } plan)
                {
                    // The confirmation holds for this plan only: in another phase the same request would change other flags.
                    planned.Add(request with { Phase = plan.Phase.Length > 0 ? plan.Phase : request.Phase });
                    OperationText.Write(context.Terminal.Error, plan with { Next = string.Empty });
                    continue;
                }

                exitCode = Show(context, response);
                if (response.Value is null)
                {
                    return exitCode;
                }
            }

            if (planned.Count == 0)
            {
                return exitCode;
            }

            if (!await ConfirmAsync(context, cancellationToken))
            {
                return ExitCode.Refused;
            }

            requests = planned;
        }

        foreach (OperatorRequest request in requests)
        {
            ApiResponse<OperationResult> response = await SendAsync(request with { DryRun = dryRun }, cancellationToken);
            bool withNext = request == requests[^1] || response.Value?.Code == OperationResult.PendingCode;
            exitCode = Math.Max(exitCode, Show(context, response, withNext));
        }

        return exitCode;
    }

    private Task<ApiResponse<OperationResult>> SendAsync(OperatorRequest request, CancellationToken cancellationToken)
    {
        Task<ApiResponse<OperationResult>> Send(CancellationToken token) =>
            context.Api.PostAsync<OperatorRequest, OperationResult>(path, request, token);
        return fallback is null ? Send(cancellationToken) : fallback.SendAsync(Send, cancellationToken);
    }

    private static int Show(CommandContext context, ApiResponse<OperationResult> response, bool withNext = true) =>
        context.Show(
            response,
            (console, result) => OperationText.Write(console, withNext ? result : result with { Next = string.Empty }),
            static result => result.Code == OperationResult.PendingCode ? ExitCode.Pending : ExitCode.Ok);

    /// <summary>Asks whether to proceed.</summary>
    /// <exception cref="UsageException">There is nobody to ask.</exception>
    internal static async Task<bool> ConfirmAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!context.Terminal.Error.Profile.Capabilities.Interactive)
        {
            throw new UsageException(
                "Nothing was changed: this is not an interactive terminal, so the change cannot be confirmed. "
                + "Add --yes to apply it, or --dry-run to see only the plan.");
        }

        ConfirmationPrompt prompt = new("Proceed?") { DefaultValue = false };
        bool isConfirmed = await prompt.ShowAsync(context.Terminal.Error, cancellationToken);
        if (!isConfirmed)
        {
            context.Terminal.Error.WriteStyledLine($"Nothing was changed.");
        }

        return isConfirmed;
    }
}

/// <summary>Defines the options of commands that change the rollout.</summary>
internal sealed class OperatorOptions
{
    private readonly Option<string?> _operator = OperatorName.CreateOption();

    private readonly Option<string> _reason = new("--reason")
    {
        Description = "The reason; it is recorded and announced.",
        DefaultValueFactory = _ => string.Empty,
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show what would happen, and change nothing." };
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

    public OperatorRequest CreateRequest(CommandContext context) =>
        new() { Operator = OperatorName.Find(context, _operator), Reason = context.Arguments.GetRequiredValue(_reason) };
}
