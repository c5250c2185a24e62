using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Undo;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>
/// Defines <c>rollout undo</c>: takes back what the unified pipeline wrote, after a confirmation of the plan, and waits for the end.
/// </summary>
internal sealed class UndoCommand
{
    private const string Path = "rollout/undo";
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly Option<string> _since = new("--since")
    {
        Description = "Take back what was written since then: a time (UTC) such as 2026-11-02T08:00Z, or how long ago: 90m, 6h, 2d.",
        Required = true,
    };

    private readonly Option<string?> _stage = new("--stage")
    {
        Description = "Only this stage's work: preparation, or analysis with what followed it. Default: both.",
    };

    private readonly IssueOptions _issue = new();
    private readonly OperatorOptions _options = new();

    private UndoCommand() => _stage.AcceptOnlyFromAmong(["analysis", "preparation"]);

    public static Command Create(CommandBuilder builder)
    {
        UndoCommand instance = new();
        Command command = new(
            "undo",
            "Take back guidance, labels, comments and Copilot's assignment on issues that nobody has touched since; list the others.");
        command.Options.Add(instance._since);
        command.Options.Add(instance._stage);
        instance._issue.AddTo(command);
        instance._options.AddTo(command);
        return builder.Build(command, instance.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        OperatorRequest given = _options.CreateRequest(context);
        UndoRequest request = new()
        {
            Operator = given.Operator,
            Reason = given.Reason,
            DryRun = _options.IsDryRun(context),
            Since = context.Arguments.GetRequiredValue(_since),
            Stage = context.Arguments.GetValue(_stage) ?? string.Empty,
            Issue = _issue.FindIssue(context)?.Canonical ?? string.Empty,
        };
        if (!request.DryRun && !_options.IsConfirmed(context))
        {
            ApiResponse<UndoStatus> plan = await RunToEndAsync(context, request with { DryRun = true }, cancellationToken);
            if (plan.Value is not { State: UndoState.Completed, Undone: > 0 } planned)
            {
                return Show(context, plan);
            }

            UndoText.Write(context.Terminal.Error, planned);
            if (!await OperationRunner.ConfirmAsync(context, cancellationToken))
            {
                return ExitCode.Refused;
            }
        }

        return Show(context, await RunToEndAsync(context, request, cancellationToken));
    }

    private static int Show(CommandContext context, ApiResponse<UndoStatus> response) => context.Show(
        response,
        UndoText.Write,
        static status => status.State == UndoState.Completed && status.Failed == 0 ? ExitCode.Ok : ExitCode.Failed);

    private static async Task<ApiResponse<UndoStatus>> RunToEndAsync(
        CommandContext context, UndoRequest request, CancellationToken cancellationToken)
    {
        ApiResponse<UndoStatus> response = await context.Api.PostAsync<UndoRequest, UndoStatus>(Path, request, cancellationToken);
        return response.Value is { State: UndoState.Running } started
            ? await context.Terminal.Error.Status().StartAsync(
                ConsoleText.EscapeLine($"Undo {started.Id}"), progress => WaitAsync(context, started.Id, progress, cancellationToken))
            : response;
    }

    private static async Task<ApiResponse<UndoStatus>> WaitAsync(
        CommandContext context, string id, StatusContext progress, CancellationToken cancellationToken)
    {
        OutageTimer outage = new(context.Terminal.Time, RunWaiter.MaxOutage);
        while (true)
        {
            try
            {
                ApiResponse<UndoStatus> response =
                    await context.Api.GetAsync<UndoStatus>($"{Path}/{Uri.EscapeDataString(id)}", cancellationToken);
                bool isUnavailable = (int)response.Status >= 500 && outage.RecordFailure();
                if (!isUnavailable && response.Value is not { State: UndoState.Running })
                {
                    return response;
                }

                if (response.Value is { } status)
                {
                    outage.Reset();
                    progress.Status = ConsoleText.EscapeLine($"Undo {id}: {status.Progress}");
                }
            }
            catch (UnreachableException) when (outage.RecordFailure())
            {
                // It continues when the application is back.
            }

            await Task.Delay(PollInterval, context.Terminal.Time, cancellationToken);
        }
    }
}
