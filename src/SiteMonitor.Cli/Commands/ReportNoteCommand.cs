using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>report note</c>: records lessons learned and values that cannot be measured, for every later report.</summary>
internal static class ReportNoteCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Argument<string?> about = new("about")
        {
            Description = "well, improve or action for a lesson learned; " +
                "coverage, satisfaction, team-satisfaction or on-budget for a value.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        about.CompletionSources.Add([.. ReportNotes.Topics]);
        Argument<string?> text = new("text")
        {
            Description = "One line. A value is judged by its percentage: \"87 %\".",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> remove = new("--remove") { Description = "Remove the note with this id, for example N-3." };
        Option<string?> by = OperatorName.CreateOption();
        Option<bool> dryRun = new("--dry-run") { Description = "Show what would happen, and change nothing." };
        Command command = new("note", "Record a lesson learned, or the actual value of a metric that only people know.");
        command.Arguments.Add(about);
        command.Arguments.Add(text);
        command.Options.Add(remove);
        command.Options.Add(by);
        command.Options.Add(dryRun);
        command.Validators.Add(result =>
        {
            bool removes = result.GetValue(remove) is not null;
            if (removes == (result.GetValue(about) is not null) || removes == (result.GetValue(text) is not null))
            {
                result.AddError("Give what the note is about and its text, or --remove with the id of a note.");
            }
        });
        return builder.Build(command, async (context, cancellationToken) =>
        {
            ReportNoteRequest request = new()
            {
                Operator = OperatorName.Find(context, by),
                About = context.Arguments.GetValue(about) ?? string.Empty,
                Text = context.Arguments.GetValue(text) ?? string.Empty,
                Remove = context.Arguments.GetValue(remove) ?? string.Empty,
                DryRun = context.Arguments.GetValue(dryRun),
            };
            ApiResponse<OperationResult> response =
                await context.Api.PostAsync<ReportNoteRequest, OperationResult>("report/notes", request, cancellationToken);
            return context.Show(response, OperationText.Write);
        });
    }
}
