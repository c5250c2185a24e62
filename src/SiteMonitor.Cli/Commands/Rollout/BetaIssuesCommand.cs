using System.CommandLine;

namespace SiteMonitor.Cli.Commands.Rollout;

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
