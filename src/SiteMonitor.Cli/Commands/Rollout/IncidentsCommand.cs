using System.CommandLine;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary><c>incidents …</c>: open, acknowledge, update, resolve.</summary>
internal static class IncidentsCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command incidents = new("incidents", "Open incidents, and see them through.");
        OperatorOptions options = new();
        Command open = new("open", "Open an incident; the reason is its title.");
        options.AddTo(open);
        incidents.Add(builder.Build(open, (context, cancellationToken) =>
            Operation.RunAsync(context, "incidents", options.Request(context), options, cancellationToken)));
        incidents.Add(Step(builder, "acknowledge", "We are aware and investigating."));
        incidents.Add(Step(builder, "update", "What is known, what is next; the reason is the text."));
        incidents.Add(Step(builder, "resolve", "It is over; the reason says what happened. Shows the draft of the post-mortem."));
        return incidents;
    }

    private static Command Step(CommandBuilder builder, string name, string description)
    {
        Argument<string> id = new("id") { Description = "For example INC-1." };
        OperatorOptions options = new();
        Command command = new(name, description);
        command.Arguments.Add(id);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
            Operation.RunAsync(context, $"incidents/{Uri.EscapeDataString(context.Arguments.GetRequiredValue(id))}/{name}", options.Request(context), options, cancellationToken));
    }
}
