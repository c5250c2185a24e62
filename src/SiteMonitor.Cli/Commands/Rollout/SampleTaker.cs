using SiteMonitor.Cli.Api;
using SiteMonitor.Core.Comparison;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands.Rollout;

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
