using System.CommandLine;
using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Commands.Rollout;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Cli.Commands;

/// <summary><c>report</c>: the success tables and lessons learned, filled in.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Option<string> format = new("--format") { Description = "md, html or json.", DefaultValueFactory = _ => "md" };
        format.AcceptOnlyFromAmong("md", "html", "json");
        Option<int> days = new("--days") { Description = "How far back the figures go, 1 to 90.", DefaultValueFactory = _ => 90 };
        Option<string?> output = new("--output", "-o") { Description = "Write it to this file instead." };
        Command command = new("report", "The success tables of the rollout plan with actual figures, and the lessons learned so far.");
        command.Options.Add(format);
        command.Options.Add(days);
        command.Options.Add(output);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"report?format=json&days={context.Arguments.GetValue(days)}");
            ApiResponse<RolloutReport> answer = await context.Api.GetAsync(path, OperationRunner.JsonType<RolloutReport>(), cancellationToken);
            return answer.Value is { } report
                ? await WriteAsync(context, Text(report, context.Json ? "json" : context.Arguments.GetRequiredValue(format)), context.Arguments.GetValue(output), cancellationToken)
                : context.ShowProblem(answer);
        });
    }

    private static string Text(RolloutReport report, string format) => format switch
    {
        "json" => RolloutJson.Write(report),
        "html" => ReportHtml.Write(report),
        _ => ReportMarkdown.Write(report),
    };

    private static async Task<int> WriteAsync(CommandContext context, string text, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await context.Terminal.Out.Profile.Out.Writer.WriteAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Ok;
        }

        try
        {
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--output: {file} cannot be written ({failure.Message.TrimEnd('.')}).");
        }

        NextStep.Write(context.Terminal.Out, $"read {file}, and add what no record knows under Lessons learned.");
        return ExitCode.Ok;
    }
}
