using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Comparison;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Defines <c>compare</c>, which compares both sides' decisions; with <c>--sample</c> on existing issues.</summary>
internal sealed class CompareCommand
{
    private static readonly string[] Formats = ["table", "md", "json"];

    private readonly Option<int> _sample = new("--sample")
    {
        Description = $"Compare this many existing issues, 1 to {SampleRequest.MaxSample}. Without it: show the comparisons so far.",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Show comparisons since then, such as 2026-11-02 or 2026-11-02T08:00Z. Default: since the phase's evidence began.",
    };

    private readonly Option<string> _repository = new("--repo")
    {
        Description = "Repository of the sample, as owner/name.",
        DefaultValueFactory = _ => string.Empty,
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "table, md or json.",
        DefaultValueFactory = _ => Formats[0],
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Do not count the sample towards the gate." };

    private CompareCommand() => _format.AcceptOnlyFromAmong(Formats);

    /// <summary>Creates the command. It exits with 1 if a difference is unexplained or the sample is smaller than asked for.</summary>
    public static Command Create(CommandBuilder builder)
    {
        CompareCommand instance = new();
        Command command = new("compare", "Compare the decisions of the unified and the legacy side.");
        command.Options.Add(instance._sample);
        command.Options.Add(instance._from);
        command.Options.Add(instance._repository);
        command.Options.Add(instance._format);
        command.Options.Add(instance._dryRun);
        return builder.Build(command, instance.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string format = context.Json ? "json" : context.Arguments.GetRequiredValue(_format);
        string? from = context.Arguments.GetValue(_from);
        if (context.Arguments.GetValue(_sample) is not (> 0 and var count))
        {
            string path = from is null ? "comparison" : $"comparison?from={Uri.EscapeDataString(from)}";
            ApiResponse<ConsistencyReport> response = await context.Api.GetAsync<ConsistencyReport>(path, cancellationToken);
            return response.Value is { } report ? Write(context, report, format) : context.ShowProblem(response);
        }

        if (from is not null)
        {
            throw new UsageException("--from shows earlier comparisons and --sample makes new ones: use one of them.");
        }

        SampleRequest request = new()
        {
            Sample = count,
            Repository = context.Arguments.GetRequiredValue(_repository),
            DryRun = context.Arguments.GetValue(_dryRun),
        };
        ApiResponse<SampleResponse> sampled = await SampleTaker.TakeAsync(context, request, cancellationToken);
        return sampled.Value is { } sample ? Write(context, sample.Report, format, sample.Missing) : context.ShowProblem(sampled);
    }

    /// <param name="missing">Issues that are missing from a sample; null without a sample.</param>
    private static int Write(CommandContext context, ConsistencyReport report, string format, int? missing = null)
    {
        context.Terminal.Out.WriteRaw(format switch
        {
            "json" => ConsistencyFormatter.ToJson(report, missing) + "\n",
            "md" => ConsistencyFormatter.ToMarkdown(report),
            _ => ConsistencyFormatter.ToTable(report),
        });
        if (format == Formats[0])
        {
            context.Terminal.Out.WriteNextStep(report.Unexplained > 0
                ? "fix each unexplained difference, or accept it as an improvement by a rule with its reason (Rollout:AcceptedDifferences)."
                : "rollout gate");
        }

        return report.Unexplained > 0 || missing > 0 ? ExitCode.Failed : ExitCode.Ok;
    }
}

/// <summary>Takes a sample in several requests, with a progress bar; the application limits the duration of each request.</summary>
internal static class SampleTaker
{
    /// <returns>The whole sample, or the problem of a request; issues sampled before it are recorded and not sampled again.</returns>
    public static async Task<ApiResponse<SampleResponse>> TakeAsync(
        CommandContext context, SampleRequest request, CancellationToken cancellationToken)
    {
        IAnsiConsole console = context.Terminal.Error;
        ApiResponse<SampleResponse> response = await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(progress => TakeAsync(context, request, progress.AddTask("Issues", maxValue: request.Sample), cancellationToken));
        if (response.Value is { Missing: > 0 } sample)
        {
            console.WriteRawLine($"{request.Sample - sample.Missing} of {request.Sample} compared. {sample.Next}.");
        }

        return response;
    }

    private static async Task<ApiResponse<SampleResponse>> TakeAsync(
        CommandContext context, SampleRequest whole, ProgressTask bar, CancellationToken cancellationToken)
    {
        List<IssueComparison> comparisons = [];
        SampleRequest request = whole;
        while (true)
        {
            ApiResponse<SampleResponse> response =
                await context.Api.PostAsync<SampleRequest, SampleResponse>("comparison", request, cancellationToken);
            if (response.Value is not { } part)
            {
                return response;
            }

            foreach (string issue in part.LeftOut)
            {
                context.Terminal.Error.WriteRawLine($"left out: {issue}");
            }

            comparisons.AddRange(part.Report.Issues);
            bar.Value = whole.Sample - part.Missing;
            if (!part.More)
            {
                return response with { Value = part with { Report = ConsistencyReport.Create(comparisons) } };
            }

            request = request with { Sample = part.Missing, Skip = part.Seen };
        }
    }
}
