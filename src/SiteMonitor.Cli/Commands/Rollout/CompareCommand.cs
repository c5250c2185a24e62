using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Comparison;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary><c>compare</c>: how both sides' decisions compare; with <c>--sample</c>, on existing issues, writing nothing to them.</summary>
internal static class CompareCommand
{
    private static readonly string[] Formats = ["table", "md", "json"];

    /// <summary>Exit code 1 when a difference is unexplained: for scripts.</summary>
    public static Command Create(CommandBuilder builder)
    {
        Option<int> sample = new("--sample") { Description = $"Take so many existing issues, 1 to {SampleRequest.MaxSample}, and let both sides decide. Without it: what was compared so far." };
        Option<string?> from = new("--from") { Description = "What was compared since then, such as 2026-11-02 or 2026-11-02T08:00Z. Default: since the phase's evidence began." };
        Option<string> repository = new("--repo") { Description = "owner/name, for the sample.", DefaultValueFactory = _ => string.Empty };
        Option<string> format = new("--format") { Description = "table, md or json.", DefaultValueFactory = _ => Formats[0] };
        format.AcceptOnlyFromAmong(Formats);
        Option<bool> dryRun = new("--dry-run") { Description = "Do not count the sample towards the gate." };
        Command command = new("compare", "How the unified and the legacy side's decisions compare.");
        command.Options.Add(sample);
        command.Options.Add(from);
        command.Options.Add(repository);
        command.Options.Add(format);
        command.Options.Add(dryRun);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            string shape = context.Json ? "json" : context.Arguments.GetRequiredValue(format);
            string? since = context.Arguments.GetValue(from);
            if (context.Arguments.GetValue(sample) is not (> 0 and var count))
            {
                string path = since is null ? "comparison" : $"comparison?from={Uri.EscapeDataString(since)}";
                ApiResponse<ConsistencyReport> shown = await context.Api.GetAsync(path, OperationRunner.JsonType<ConsistencyReport>(), cancellationToken);
                return shown.Value is { } report ? Write(context, report, shape) : context.ShowProblem(shown);
            }

            if (since is not null)
            {
                throw new UsageException("--from is about what was compared already, --sample takes new issues: give one of them.");
            }

            SampleRequest wanted = new() { Sample = count, Repository = context.Arguments.GetRequiredValue(repository), DryRun = context.Arguments.GetValue(dryRun) };
            ApiResponse<SampleResponse> taken = await SampleTaker.TakeAsync(context, wanted, cancellationToken);
            return taken.Value is { } answer ? Write(context, answer.Report, shape) : context.ShowProblem(taken);
        });
    }

    private static int Write(CommandContext context, ConsistencyReport report, string format)
    {
        TextWriter writer = context.Terminal.Out.Profile.Out.Writer;
        writer.Write(format switch
        {
            "json" => ConsistencyFormatter.ToJson(report) + "\n",
            "md" => ConsistencyFormatter.ToMarkdown(report),
            _ => ConsistencyFormatter.ToTable(report),
        });
        if (format == Formats[0])
        {
            NextStep.Write(context.Terminal.Out, report.Unexplained > 0
                ? "each unexplained difference is a bug to mend, or an improvement to accept by a rule with its reason (Rollout:AcceptedDifferences)."
                : "rollout gate");
        }

        return report.Unexplained > 0 ? ExitCode.Failed : ExitCode.Ok;
    }
}

/// <summary>Takes a sample, with a progress bar, in as many requests as it needs: each is bounded, since an issue costs a read and a model call.</summary>
internal static class SampleTaker
{
    /// <returns>The whole sample; or the refusal of a part: what was taken before it is recorded, and not taken again.</returns>
    public static async Task<ApiResponse<SampleResponse>> TakeAsync(CommandContext context, SampleRequest wanted, CancellationToken cancellationToken)
    {
        ApiResponse<SampleResponse> answer = null!;
        await context.Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress => answer = await TakeAsync(context, wanted, progress.AddTask("Issues", maxValue: wanted.Sample), cancellationToken));
        if (answer.Value is { Missing: > 0 } rest)
        {
            context.Terminal.Error.Profile.Out.Writer.WriteLine($"{wanted.Sample - rest.Missing} of {wanted.Sample} taken. {rest.Next}.");
        }

        return answer;
    }

    private static async Task<ApiResponse<SampleResponse>> TakeAsync(CommandContext context, SampleRequest wanted, ProgressTask bar, CancellationToken cancellationToken)
    {
        List<IssueComparison> taken = [];
        SampleRequest request = wanted;
        while (true)
        {
            ApiResponse<SampleResponse> answer = await context.Api.PostAsync("comparison", request, OperationRunner.JsonType<SampleRequest>(), OperationRunner.JsonType<SampleResponse>(), cancellationToken);
            if (answer.Value is not { } part)
            {
                return answer;
            }

            foreach (string left in part.LeftOut)
            {
                context.Terminal.Error.Profile.Out.Writer.WriteLine($"left out: {left}");
            }

            taken.AddRange(part.Report.Issues);
            bar.Value = wanted.Sample - part.Missing;
            if (!part.More)
            {
                return answer with { Value = part with { Report = ConsistencyReport.Create(taken) } };
            }

            request = request with { Sample = part.Missing, Skip = part.Seen };
        }
    }
}
