using System.CommandLine;
using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>report</c>: the success tables and lessons learned, filled with measured values.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Option<string?> format = ReportOutput.CreateFormatOption();
        Option<int> days = new("--days") { Description = "Length of the period, 1 to 90.", DefaultValueFactory = _ => 90 };
        Option<string?> output = new("--output", "-o") { Description = "Write to this file instead of standard output." };
        Command command = new("report", "The success tables of the rollout plan with measured values, and the lessons learned so far.");
        command.Options.Add(format);
        command.Options.Add(days);
        command.Options.Add(output);
        command.Subcommands.Add(ReportNoteCommand.Create(builder));
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"report?format=json&days={context.Arguments.GetValue(days)}");
            ApiResponse<RolloutReport> response = await context.Api.GetAsync<RolloutReport>(path, cancellationToken);
            if (response.Value is not { } report)
            {
                return context.ShowProblem(response);
            }

            string? file = context.Arguments.GetValue(output);
            string? chosen = context.Json ? "json" : context.Arguments.GetValue(format);
            await ReportOutput.WriteReportAsync(context, chosen, file, f => Format(report, f), cancellationToken);
            if (file is not null)
            {
                context.Terminal.Out.WriteNextStep(
                    $"read {file}; 'sitemonitor report note' adds lessons learned and values to the next report.");
            }

            return ExitCode.Ok;
        });
    }

    private static string Format(RolloutReport report, string format) => format switch
    {
        "json" => RolloutJson.Write(report),
        "html" => ReportHtml.Write(report),
        _ => ReportMarkdown.Write(report),
    };
}
