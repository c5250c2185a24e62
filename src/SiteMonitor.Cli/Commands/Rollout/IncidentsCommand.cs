using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary><c>incidents …</c>: open, acknowledge, update, resolve, read the post-mortem.</summary>
internal static class IncidentsCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command incidents = new("incidents", "Open incidents, and see them through.");
        OperatorOptions options = new();
        Command open = new("open", "Open an incident; the reason is its title.");
        options.AddTo(open);
        incidents.Add(builder.Build(open, (context, cancellationToken) =>
            OperationRunner.RunAsync(context, "incidents", options.CreateRequest(context), options, cancellationToken)));
        incidents.Add(Step(builder, "acknowledge", "We are aware and investigating."));
        incidents.Add(Step(builder, "update", "What is known, what is next; the reason is the text."));
        incidents.Add(Step(builder, "resolve", "It is over; the reason says what happened. Shows the draft of the post-mortem."));
        incidents.Add(PostMortem(builder));
        return incidents;
    }

    private static Command PostMortem(CommandBuilder builder)
    {
        Argument<string> id = Id();
        Command command = new("post-mortem", "The draft of an incident's post-mortem, in Markdown.");
        command.Arguments.Add(id);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            ApiResponse<string> answer = await context.Api.GetTextAsync($"{Path(context.Arguments.GetRequiredValue(id))}/post-mortem", cancellationToken);
            if (answer.Value is not { } draft)
            {
                return context.ShowProblem(answer);
            }

            await context.Terminal.Out.Profile.Out.Writer.WriteLineAsync((context.Json ? RolloutJson.Write(draft) : draft.TrimEnd()).AsMemory(), cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Argument<string> Id() => new("id") { Description = "For example INC-1." };

    private static string Path(string id) => $"incidents/{Uri.EscapeDataString(id)}";

    private static Command Step(CommandBuilder builder, string name, string description)
    {
        Argument<string> id = Id();
        OperatorOptions options = new();
        Command command = new(name, description);
        command.Arguments.Add(id);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
            OperationRunner.RunAsync(context, $"{Path(context.Arguments.GetRequiredValue(id))}/{name}", options.CreateRequest(context), options, cancellationToken));
    }
}
