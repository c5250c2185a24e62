using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Comments on the issue that its stage is switched off.</summary>
public sealed class PostStageDisabledComment(StageWriter writer)
{
    /// <summary>The name in durable histories.</summary>
    public const string Name = "SayWaiting";

    [Function(Name)]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        writer.RunAsync(
            Name,
            input,
            checkedStages: [],
            issue => LifecyclePlanner.StageDisabled(writer.Context, issue, input.Analysis?.Specialists ?? [], input.Stage),
            cancellationToken);
}
