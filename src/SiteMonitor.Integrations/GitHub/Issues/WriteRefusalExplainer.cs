using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Finds out why GitHub refused a write.</summary>
internal sealed class WriteRefusalExplainer(IssueReader reader)
{
    /// <summary>GitHub's limit of labels per issue.</summary>
    private const int MaxLabels = 100;

    /// <summary>Finds the cause of a refused write with a fresh read: the issue may have been removed, or have reached a limit.</summary>
    public async Task<PipelineException> ExplainAsync(
        GitHubApiClient client, IssueRef issue, IssueChange change, IReadOnlyList<GraphError> errors, string what,
        CancellationToken cancellationToken)
    {
        PipelineException failure = client.ToException(errors, what);
        if (failure.Code is not (GitHubFailures.NotFoundCode or "github-forbidden" or "github-unprocessable"))
        {
            return failure;
        }

        try
        {
            CallResult<IssueSnapshot> read = await reader.ReadAsync(issue, new RequestTag(RequestKind.Read, extra: true),
                cancellationToken);
            if (failure.Code == "github-unprocessable" && errors.Any(e => e.Field == Mutation.AliasOf(ChangeParts.AddLabels))
                && read.Value is { } shown && HasNoRoom(shown.Labels, change))
            {
                return new PermanentFailureException(WaitCodes.LabelLimit,
                    $"The issue has no room for another label, because GitHub allows at most {MaxLabels} labels: remove some of them.");
            }

            if (read.Value is not null && errors.All(e => e.Type == "FORBIDDEN"))
            {
                // Authors can cause this by blocking our user, so it does not count against the pipeline.
                return new PermanentFailureException(WaitCodes.WriteRefused,
                    $"GitHub shows the issue but refuses the write: its author blocks the owner of {client.Setting}, " +
                        "or that credential may not write. Check both, or process the issue by hand.");
            }
        }
        catch (PermanentFailureException cause) when (SkipCodes.IsUnavailable(cause.Code) || cause.Code == GitHubFailures.NotFoundCode)
        {
            return cause;
        }
        catch (PipelineException)
        {
            // The cause remains unknown; the next attempt reads the issue again.
        }

        if (failure.Code == "github-unprocessable" && errors.Any(e => e.Field == Mutation.AliasOf(ChangeParts.Body)))
        {
            return new PermanentFailureException(WaitCodes.TextRefused,
                "GitHub refused the issue's text together with ours: shorten or correct the text.");
        }

        // The issue exists, so the id that GitHub does not find belongs to a label or comment that was deleted.
        return failure.Code == GitHubFailures.NotFoundCode
            ? new TransientFailureException(
                "github-node-gone",
                $"Something that the write refers to is gone ({string.Join(", ", errors.Select(e => e.Field).Distinct())}, {what}): " +
                    "the next try reads again.")
            : failure;
    }

    /// <summary>Whether the labels exceeded GitHub's limit during the write, which adds labels before it removes others.</summary>
    private static bool HasNoRoom(IReadOnlyList<string> after, IssueChange change) =>
        after.Concat(change.AddLabels).Concat(change.RemoveLabels).Distinct(StringComparer.OrdinalIgnoreCase).Count() > MaxLabels;
}
