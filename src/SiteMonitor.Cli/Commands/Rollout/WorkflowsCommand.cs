using System.CommandLine;
using SiteMonitor.Core.Rollout.Operations;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Defines <c>workflows enable|disable|follow</c>: switches the GitHub workflows that the rollout plan names.</summary>
internal static class WorkflowsCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command workflows = new("workflows", "Switch the old and new GitHub workflows that the rollout plan names.");
        workflows.Add(CreateSwitch(builder, "enable", "Enable workflows.", "old or new. Default: both.", required: false));
        workflows.Add(CreateSwitch(builder, "disable", "Disable the old or the new workflows.", "old or new, never both.", required: true));
        OperatorOptions options = new();
        Command follow = new("follow", "Switch them as the current phase requires. Phase changes and rollbacks do this if the token may.");
        options.AddTo(follow);
        workflows.Add(builder.Build(follow, (context, cancellationToken) =>
            OperationRunner.RunAsync(context, "workflows/follow", options.CreateRequest(context), options, cancellationToken)));
        return workflows;
    }

    private static Command CreateSwitch(CommandBuilder builder, string name, string description, string choice, bool required)
    {
        Option<string?> which = new("--which") { Description = choice, Required = required };
        which.AcceptOnlyFromAmong("old", "new");
        OperatorOptions options = new();
        Command command = new(name, description);
        command.Options.Add(which);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
        {
            OperatorRequest request = options.CreateRequest(context) with { Workflows = context.Arguments.GetValue(which) ?? string.Empty };
            return OperationRunner.RunAsync(context, $"workflows/{name}", request, options, cancellationToken);
        });
    }
}
