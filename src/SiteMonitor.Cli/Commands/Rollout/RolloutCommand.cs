using System.CommandLine;
using SiteMonitor.Core.Rollout.Operations;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary><c>rollout …</c>: see where the rollout stands, and move it.</summary>
internal static class RolloutCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command rollout = new("rollout", "See where the rollout stands, move it, take it back.");
        rollout.Add(RolloutShowCommands.Status(builder));
        rollout.Add(RolloutShowCommands.Gate(builder));
        rollout.Add(RolloutShowCommands.History(builder));
        rollout.Add(WithoutOptions(builder, "announce", "Tell all teams before the launch: benefits, timeline, what to expect; the reason is its first line."));
        rollout.Add(Advance(builder));
        rollout.Add(RollBack(builder));
        rollout.Add(WithoutOptions(builder, "freeze", "Hold the rollout in its phase. The guard stays on watch."));
        rollout.Add(Resume(builder));
        rollout.Add(WithoutOptions(builder, "no-go", "The meeting said no: flags back, an incident with the unmet criteria, everybody told."));
        rollout.Add(WithoutOptions(builder, "reset-evidence", "Let the gate count from now on, so that one early error does not bar the phase for ever."));
        rollout.Add(ConfirmOrWithdraw(builder, "confirm", "Confirm a criterion that only a person can judge; the reason is the note, and needed."));
        rollout.Add(ConfirmOrWithdraw(builder, "withdraw", "Take a confirmation back; needs a reason."));
        rollout.Add(BetaIssuesCommand.Create(builder));
        rollout.Add(RolloutPlanCommand.Create(builder));
        return rollout;
    }

    private static Command Advance(CommandBuilder builder)
    {
        Option<bool> force = new("--force") { Description = "Although the gate is not met; needs a reason, which is audited." };
        Option<bool> overwrite = OverwriteDrift();
        Option<string> phase = new("--from") { Description = "The phase you believe the rollout is in; refused when it is another.", DefaultValueFactory = _ => string.Empty };
        Command command = new("advance", "Go to the next phase, when the gate is met.");
        command.Options.Add(force);
        command.Options.Add(overwrite);
        command.Options.Add(phase);
        return Operate(builder, command, (context, request) => request with
        {
            Force = context.Arguments.GetValue(force),
            OverwriteDrift = context.Arguments.GetValue(overwrite),
            Phase = context.Arguments.GetRequiredValue(phase),
        });
    }

    private static Command Resume(CommandBuilder builder)
    {
        Option<bool> overwrite = OverwriteDrift();
        Command command = new("resume", "End a freeze, and apply the phase's flags again after a rollback.");
        command.Options.Add(overwrite);
        return Operate(builder, command, (context, request) => request with { OverwriteDrift = context.Arguments.GetValue(overwrite) });
    }

    private static Option<bool> OverwriteDrift() => new("--overwrite-drift") { Description = "Also set flags that somebody changed outside." };

    private static Command RollBack(CommandBuilder builder)
    {
        Option<string> stage = new("--stage") { Description = "Only this stage: analysis or preparation. Without it: everything.", DefaultValueFactory = _ => string.Empty };
        Command command = new("rollback", "Take the flags back at once: everything, or one stage.");
        command.Options.Add(stage);
        return Operate(builder, command, (context, request) => request with { Stage = context.Arguments.GetRequiredValue(stage) }, needsReason: true);
    }

    private static Command WithoutOptions(CommandBuilder builder, string name, string description) =>
        Operate(builder, new Command(name, description), static (_, request) => request);

    private static Command ConfirmOrWithdraw(CommandBuilder builder, string name, string description)
    {
        Argument<string> criterion = new("criterion") { Description = "Its id, as 'rollout gate' shows it." };
        Command command = new(name, description);
        command.Arguments.Add(criterion);
        return Operate(builder, command, (context, request) => request with { Criterion = context.Arguments.GetRequiredValue(criterion) });
    }

    private static Command Operate(CommandBuilder builder, Command command, Func<CommandContext, OperatorRequest, OperatorRequest> complete, bool needsReason = false)
    {
        OperatorOptions options = new();
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
        {
            OperatorRequest request = complete(context, options.CreateRequest(context));
            return needsReason && string.IsNullOrWhiteSpace(request.Reason) && !options.IsDryRun(context)
                ? throw new UsageException($"rollout {command.Name} needs --reason \"…\"; a few words will do.")
                : OperationRunner.RunAsync(context, $"rollout/{command.Name}", request, options, cancellationToken);
        });
    }
}

/// <summary><c>rollout beta-issues</c>: opens the test issues of the soft launch.</summary>
internal static class BetaIssuesCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Option<string> repository = new("--repo") { Description = "owner/name; without it, the first configured repository.", DefaultValueFactory = _ => string.Empty };
        OperatorOptions options = new();
        Command command = new("beta-issues", "Open the test issues of the soft launch; those that are there already are left.");
        command.Options.Add(repository);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
            OperationRunner.RunAsync(context, "rollout/beta-issues", options.CreateRequest(context) with { Repository = context.Arguments.GetRequiredValue(repository) }, options, cancellationToken));
    }
}
