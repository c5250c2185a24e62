using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Starts undos and reads how they are going.</summary>
public sealed class UndoStarter(RolloutStateRepository states, RepositoryScope scope, DryRuns dryRuns, TimeProvider time)
{
    /// <summary>Clocks of two machines may differ by less; a record that follows the start must not seem older.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private const double MaxHours = 10 * 366 * 24;

    /// <summary>Starts an undo. A dry run's caller gets its result, if that does not take too long.</summary>
    /// <exception cref="HttpProblemException">The request is not valid, or names a repository that is not configured.</exception>
    public async Task<UndoStatus> StartAsync(DurableTaskClient client, UndoRequest request, CancellationToken cancellationToken)
    {
        UndoInput input = Parse(request);
        if (!input.DryRun)
        {
            await AuditAsync(input, cancellationToken);
        }

        await client.ScheduleNewOrchestrationInstanceAsync(
            UndoInput.Orchestrator, input, new StartOrchestrationOptions(UndoInput.InstancePrefix + input.Id), cancellationToken);
        UndoStatus? status = await dryRuns.PollAsync(
            () => ReadAsync(client, input.Id, cancellationToken),
            found => input.DryRun && found is null or { State: UndoState.Running },
            cancellationToken);
        return status ?? Describe(input);
    }

    /// <summary>Returns how an undo is going; null when there is none of this id.</summary>
    public static async Task<UndoStatus?> ReadAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? instance =
            await client.GetInstanceAsync(UndoInput.InstancePrefix + id, getInputsAndOutputs: true, cancellationToken);
        if (instance?.Name != UndoInput.Orchestrator || instance.ReadInputAs<UndoInput>() is not { } input)
        {
            return null;
        }

        UndoStatus status = Describe(input);
        if (!instance.IsCompleted)
        {
            RunProgress? progress = instance.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<RunProgress>();
            return status with { Progress = progress?.Detail ?? "waits to begin" };
        }

        return instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed && instance.ReadOutputAs<RolloutUndoResult>() is { } output
            ? WithResult(status, output)
            : status with
            {
                State = UndoState.Failed,
                Problem = InstanceFailure.GetReason(instance),
                Next = "Fix the cause, then undo again: it continues.",
            };
    }

    private static UndoStatus Describe(UndoInput input) => new()
    {
        Id = input.Id,
        State = UndoState.Running,
        DryRun = input.DryRun,
        Since = input.Since,
        Stage = input.Stage,
        Next = $"GET /api/rollout/undo/{input.Id}",
    };

    private static UndoStatus WithResult(UndoStatus status, RolloutUndoResult output)
    {
        int failed = output.Issues.Count(i => i.Result == UndoResult.Failed);
        return status with
        {
            State = UndoState.Completed,
            Issues = output.Issues,
            Undone = output.Issues.Count(i => i.Result == UndoResult.Undone),
            Left = output.Issues.Count(i => i.Result == UndoResult.Left),
            Failed = failed,
            More = output.More,
            GitHubCalls = output.GitHubCalls,
            Next = status.DryRun ? "Run it without --dry-run to do it."
                : output.More ? "There are more issues: run it again."
                : failed > 0 ? "Fix what the failed issues say, then run it again."
                : "rollout status; automatic starts leave these issues alone until rollout resume or the next phase",
        };
    }

    private UndoInput Parse(UndoRequest request)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(request.Operator))
        {
            errors.Add("operator: missing; the audit log needs your name.");
        }

        if (request.Stage is not ("" or StageNames.Analysis or StageNames.Preparation))
        {
            errors.Add("stage: must be analysis or preparation, or empty for both.");
        }

        if (FindStart(request.Since) is not { } since)
        {
            errors.Add("since: must be a past time such as 2026-11-02T08:00Z, or how long ago: 90m, 6h or 2d.");
            since = default;
        }

        IssueRef? issue = null;
        if (request.Issue.Length > 0 && !IssueRef.TryParse(request.Issue, out issue))
        {
            errors.Add("issue: must be owner/name#12, or empty for all issues.");
        }

        if (errors.Count > 0)
        {
            throw new HttpProblemException(StatusCodes.Status400BadRequest, "The request is not valid.", "Nothing was taken back.", errors);
        }

        return issue is not null && !scope.Includes(issue.Repository)
            ? throw new HttpProblemException(
                StatusCodes.Status403Forbidden,
                "The repository is not configured.",
                $"{issue.Repository} is not in GitHub:Repositories: add it there.")
            : new UndoInput
            {
                Id = Guid.NewGuid().ToString("N")[..12],
                Operator = request.Operator,
                Reason = request.Reason,
                DryRun = request.DryRun,
                Since = since.ToUniversalTime(),
                Stage = request.Stage,
                Issue = issue?.Canonical ?? string.Empty,
            };
    }

    /// <summary>Parses a time, or a span before now; null for anything else, and for the future.</summary>
    private DateTimeOffset? FindStart(string text)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            double? hours = text[^1] switch
            {
                'm' => count / 60d,
                'h' => count,
                'd' => count * 24d,
                _ => null,
            };
            return hours is { } ago && ago <= MaxHours ? now.AddHours(-ago) : null;
        }

        bool isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since);
        return isTime && since <= now ? since : null;
    }

    private async Task AuditAsync(UndoInput input, CancellationToken cancellationToken) => await states.UpdateUntilSavedAsync(
        edit =>
        {
            edit.State = edit.State with { UndoneSince = edit.State.UndoneSince ?? edit.Now - Margin };
            string what = string.Join(", ", new[] { $"since {input.Since:u}", input.Stage, input.Issue }.Where(part => part.Length > 0));
            edit.Audit(input.Operator, "undo", input.Reason, before: input.Id, after: what);
        },
        cancellationToken);
}
