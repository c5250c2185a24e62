using System.CommandLine;
using SiteMonitor.Core.Rollout.Control;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary><c>workflows enable|disable|follow</c>: the GitHub workflows that the rollout plan names.</summary>
internal static class WorkflowsCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command workflows = new("workflows", "Switch the old and new GitHub workflows that the rollout plan names.");
        workflows.Add(Switch(builder, "enable", "Enable them."));
        workflows.Add(Switch(builder, "disable", "Disable them."));
        OperatorOptions options = new();
        Command follow = new("follow", "Switch them as the current phase wants it; phase changes and rollbacks do so by themselves where the token may.");
        options.AddTo(follow);
        workflows.Add(builder.Build(follow, (context, cancellationToken) => Operation.RunAsync(context, "workflows/follow", options.Request(context), options, cancellationToken)));
        return workflows;
    }

    private static Command Switch(CommandBuilder builder, string name, string description)
    {
        Option<string> which = new("--which") { Description = "old or new. Default: both.", DefaultValueFactory = _ => string.Empty };
        which.AcceptOnlyFromAmong("old", "new");
        OperatorOptions options = new();
        Command command = new(name, description);
        command.Options.Add(which);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
        {
            OperatorRequest request = options.Request(context) with { Workflows = context.Arguments.GetRequiredValue(which) };
            return Operation.RunAsync(context, $"workflows/{name}", request, options, cancellationToken);
        });
    }
}
