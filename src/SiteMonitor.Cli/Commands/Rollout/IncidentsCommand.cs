using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Incidents;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Defines <c>incidents …</c>: list, open, acknowledge, update and resolve incidents, and read their post-mortems.</summary>
internal static class IncidentsCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command incidents = new("incidents", "List incidents; open, acknowledge, update and resolve them.");
        OperatorOptions options = new();
        Command open = new("open", "Open an incident; the reason is its title.");
        options.AddTo(open);
        incidents.Add(builder.Build(open, (context, cancellationToken) =>
            OperationRunner.RunAsync(context, "incidents", options.CreateRequest(context), options, cancellationToken)));
        incidents.Add(CreateList(builder));
        incidents.Add(CreateView(builder));
        incidents.Add(CreateStep(builder, "acknowledge", "Say that you are investigating; ends the escalation to the next contact."));
        incidents.Add(CreateStep(builder, "update", "Tell the contacts what is known and what is next; the reason is the text."));
        incidents.Add(CreateStep(builder, "resolve", "Close the incident; the reason says what happened. Shows the post-mortem draft."));
        incidents.Add(CreatePostMortem(builder));
        return incidents;
    }

    private static Command CreateList(CommandBuilder builder)
    {
        Option<string> state = new("--state") { Description = "open, resolved or all.", DefaultValueFactory = _ => "all" };
        state.AcceptOnlyFromAmong("open", "resolved", "all");
        Command command = new("list", "List incidents, newest first.");
        command.Options.Add(state);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string path = $"incidents?state={context.Arguments.GetRequiredValue(state)}";
            return context.Show(await context.Api.GetAsync<IncidentList>(path, cancellationToken), IncidentText.WriteList);
        });
    }

    private static Command CreateView(CommandBuilder builder)
    {
        Argument<string> id = CreateIdArgument();
        Command command = new("view", "Show an incident with its timeline.");
        command.Arguments.Add(id);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string path = GetPath(context.Arguments.GetRequiredValue(id));
            return context.Show(await context.Api.GetAsync<IncidentView>(path, cancellationToken), IncidentText.Write);
        });
    }

    private static Command CreatePostMortem(CommandBuilder builder)
    {
        Argument<string> id = CreateIdArgument();
        Command command = new("post-mortem", "Show the draft of an incident's post-mortem, in Markdown.");
        command.Arguments.Add(id);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string path = $"{GetPath(context.Arguments.GetRequiredValue(id))}/post-mortem";
            ApiResponse<string> response = await context.Api.GetTextAsync(path, cancellationToken);
            if (response.Value is not { } draft)
            {
                return context.ShowProblem(response);
            }

            if (context.Json)
            {
                context.Terminal.Out.WriteJson<string>(draft);
            }
            else
            {
                context.Terminal.Out.WriteRawLine(draft.TrimEnd());
            }

            return ExitCode.Ok;
        });
    }

    private static Argument<string> CreateIdArgument() => new("id") { Description = "The incident, for example INC-1." };

    private static string GetPath(string id) => $"incidents/{Uri.EscapeDataString(id)}";

    private static Command CreateStep(CommandBuilder builder, string name, string description)
    {
        Argument<string> id = CreateIdArgument();
        OperatorOptions options = new();
        Command command = new(name, description);
        command.Arguments.Add(id);
        options.AddTo(command);
        return builder.Build(command, (context, cancellationToken) =>
        {
            string path = $"{GetPath(context.Arguments.GetRequiredValue(id))}/{name}";
            return OperationRunner.RunAsync(context, path, options.CreateRequest(context), options, cancellationToken);
        });
    }
}
