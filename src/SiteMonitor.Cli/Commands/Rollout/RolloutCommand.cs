using System.CommandLine;
using SiteMonitor.Core.Rollout.Operations;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Defines <c>rollout …</c>: shows the rollout and changes it.</summary>
internal static class RolloutCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command rollout = new("rollout", "Show the rollout, advance it, roll it back.");
        rollout.Add(RolloutShowCommands.CreateStatus(builder));
        rollout.Add(RolloutShowCommands.CreateGate(builder));
        rollout.Add(RolloutShowCommands.CreateHistory(builder));
        rollout.Add(RolloutShowCommands.CreateForecast(builder));
        rollout.Add(CreateSimple(
            builder, "announce", "Tell all teams before the launch: benefits, timeline, what to expect; the reason is the first line."));
        rollout.Add(CreateAdvance(builder));
        rollout.Add(
            CreateSimple(builder, "back", "Go back to the previous phase; its evidence and soak begin anew. --reason is required."));
        rollout.Add(CreateRollback(builder));
        rollout.Add(CreateSimple(builder, "freeze", "Hold the rollout in its phase. The guard stays active."));
        rollout.Add(CreateSimple(builder, "unfreeze", "Lift a freeze."));
        rollout.Add(CreateResume(builder));
        rollout.Add(CreateSimple(
            builder, "no-go", "Record a no-go decision: restore the flags, open an incident with the unmet criteria, tell the contacts."));
        rollout.Add(CreateSimple(
            builder, "reset-evidence", "Let the gate count from now on, so that earlier errors do not keep it closed."));
        rollout.Add(CreateForCriterion(builder, "confirm", "Confirm a criterion that only a person can judge; --reason is required."));
        rollout.Add(CreateForCriterion(builder, "withdraw", "Withdraw a confirmation; --reason is required."));
        rollout.Add(CreateBetaIssues(builder));
        rollout.Add(UndoCommand.Create(builder));
        rollout.Add(RolloutPlanCommand.Create(builder));
        return rollout;
    }

    private static Command CreateAdvance(CommandBuilder builder)
    {
        Option<bool> force = new("--force") { Description = "Advance although the gate is not met; needs --reason and is audited." };
        Option<bool> overwrite = CreateOverwriteDriftOption();
        Option<string> phase = new("--from")
        {
            Description = "The expected current phase; the command is refused in any other.",
            DefaultValueFactory = _ => string.Empty,
        };
        Command command = new(
            "advance", "Go to the next phase if the gate is met. --dry-run says what becomes of existing issues and when the next gate " +
                "can be met.");
        command.Options.Add(force);
        command.Options.Add(overwrite);
        command.Options.Add(phase);
        return Build(builder, command, (context, request) => request with
        {
            Force = context.Arguments.GetValue(force),
            OverwriteDrift = context.Arguments.GetValue(overwrite),
            Phase = context.Arguments.GetRequiredValue(phase),
        });
    }

    private static Command CreateResume(CommandBuilder builder)
    {
        Option<bool> force = new("--force") { Description = "Resume although the incident is not acknowledged; needs --reason." };
        Option<bool> overwrite = CreateOverwriteDriftOption();
        Command command = new("resume", "Apply the phase's flags again after a rollback whose incident is acknowledged.");
        command.Options.Add(force);
        command.Options.Add(overwrite);
        return Build(builder, command, (context, request) => request with
        {
            Force = context.Arguments.GetValue(force),
            OverwriteDrift = context.Arguments.GetValue(overwrite),
        });
    }

    private static Option<bool> CreateOverwriteDriftOption() =>
        new("--overwrite-drift") { Description = "Also set flags that were changed outside of the rollout." };

    private static Command CreateRollback(CommandBuilder builder)
    {
        Option<string?> stage = new("--stage") { Description = "Roll back only this stage: analysis or preparation. Default: everything." };
        Command command = new("rollback", "Switch the unified pipeline off at once: everything, or one stage.");
        stage.AcceptOnlyFromAmong(["analysis", "preparation"]);
        OperatorOptions options = new();
        command.Options.Add(stage);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
        {
            OperatorRequest request = options.CreateRequest(context) with { Stage = context.Arguments.GetValue(stage) ?? string.Empty };
            request = string.IsNullOrWhiteSpace(request.Reason) ? request with { Reason = "no reason given" } : request;
            return new OperationRunner(context, $"rollout/{command.Name}", options, new RollbackFallback(context, request.Stage))
                .RunAsync([request], cancellationToken);
        });
    }

    private static Command CreateBetaIssues(CommandBuilder builder)
    {
        Option<string> repository = new("--repo")
        {
            Description = "Repository as owner/name. Default: the first configured one.",
            DefaultValueFactory = _ => string.Empty,
        };
        Command command = new("beta-issues", "Open the test issues of the soft launch; existing ones stay.");
        command.Options.Add(repository);
        return Build(builder, command, (context, request) => request with { Repository = context.Arguments.GetRequiredValue(repository) });
    }

    private static Command CreateSimple(CommandBuilder builder, string name, string description) =>
        Build(builder, new Command(name, description), static (_, request) => request);

    private static Command CreateForCriterion(CommandBuilder builder, string name, string description)
    {
        Argument<string[]> criteria = new("criterion")
        {
            Description = "Ids of one or more criteria, as shown by 'rollout gate'.",
            Arity = ArgumentArity.OneOrMore,
        };
        OperatorOptions options = new();
        Command command = new(name, description);
        command.Arguments.Add(criteria);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
        {
            OperatorRequest request = options.CreateRequest(context);
            OperatorRequest[] requests =
                [.. context.Arguments.GetRequiredValue(criteria).Distinct().Select(c => request with { Criterion = c })];
            return new OperationRunner(context, $"rollout/{name}", options).RunAsync(requests, cancellationToken);
        });
    }

    private static Command Build(CommandBuilder builder, Command command, Func<CommandContext, OperatorRequest, OperatorRequest> complete)
    {
        OperatorOptions options = new();
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) => OperationRunner.RunAsync(
            context, $"rollout/{command.Name}", complete(context, options.CreateRequest(context)), options, cancellationToken));
    }
}
