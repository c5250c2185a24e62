using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>
/// Opens the test issues of the soft launch. Issues that exist already are kept, so that a second call opens nothing twice.
/// </summary>
public sealed class BetaIssueOpener(
    IIssueOpener opener, RolloutPlan plan, RepositoryScope scope, RolloutStateRepository states)
{
    private const string DefaultBody = """
        A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators; it exploits CVE-2025-21418.
        Please prepare a strategic intelligence analysis of the threat.
        """;

    public async Task<OperationResult> OpenAsync(OperatorRequest request, CancellationToken cancellationToken)
    {
        if (request.FindMissingName() is { } missing)
        {
            return missing;
        }

        RepositoryRef? repository = scope.Configured.Count > 0 ? scope.Configured[0] : null;
        if (request.Repository.Length > 0 && (!RepositoryRef.TryParse(request.Repository, out repository) || !scope.Includes(repository)))
        {
            return OperationResult.Invalid($"'{request.Repository}' is none of our repositories.",
                "Choose one of GitHub:Repositories, as owner/name");
        }

        string? label = plan.Phases.SelectMany(p => p.Flags.UnifiedPipeline.Labels).FirstOrDefault();
        return repository is null ? OperationResult.Invalid("No repository is configured.", "Give --repo owner/name")
            : label is null ? OperationResult.Invalid(
                "No phase of the plan routes by a label.", "Give flags.unifiedPipeline.labels of a phase a label")
            : await OpenAsync(repository, label, request, cancellationToken);
    }

    private async Task<OperationResult> OpenAsync(
        RepositoryRef repository, string label, OperatorRequest request, CancellationToken cancellationToken)
    {
        CallResult<IReadOnlyDictionary<string, int>> found = await opener.ListTitlesAsync(repository, label, cancellationToken);
        if (found.Value is not { } titles)
        {
            return RefuseForRateLimit(found.RetryAt, []);
        }

        List<OpenedBetaIssue> existing =
            [.. plan.BetaIssues.Where(b => titles.ContainsKey(b.Title)).Select(b => Create(new IssueRef(repository, titles[b.Title]), b))];
        BetaIssue[] missing = [.. plan.BetaIssues.Where(b => !titles.ContainsKey(b.Title))];
        List<OpenedBetaIssue> opened = [];
        CallResult<IssueRef>? last = null;
        try
        {
            foreach (BetaIssue beta in request.DryRun ? [] : missing)
            {
                string body = "A test issue of the soft launch, " +
                    $"opened by `rollout beta-issues`.\n\n{(beta.Body.Length > 0 ? beta.Body : DefaultBody)}";
                last = await opener.OpenAsync(repository, beta.Title, body, [WorkflowLabels.SiteMonitor, label], cancellationToken);
                if (last.Value is not { } issue)
                {
                    break;
                }

                opened.Add(Create(issue, beta));
            }
        }
        finally
        {
            if (!request.DryRun)
            {
                await RecordAsync(existing, opened, request);
            }
        }

        string[] lines =
        [
            .. existing.Select(b => $"{b.Issue} exists already: {Describe(b)}"),
            .. opened.Select(b => $"{b.Issue}: {Describe(b)}"),
            .. request.DryRun ? missing.Select(b => $"{b.Title} (expected {WireName.Of(b.Expected)})") : [],
            .. existing.Concat(opened)
                .Select(b => $"process-pipeline --repo {repository} --issue {b.Issue[(b.Issue.LastIndexOf('#') + 1)..]}"),
        ];
        return last is { Value: null } ? RefuseForRateLimit(last.RetryAt, lines) : new OperationResult
        {
            Code = missing.Length == 0
                ? OperationResult.NothingToDoCode
                : request.DryRun ? OperationResult.PlannedCode : OperationResult.DoneCode,
            Title = missing.Length == 0
                ? "All test issues exist."
                : $"{missing.Length} test issues in {repository}, labelled {WorkflowLabels.SiteMonitor} and {label}.",
            Lines = lines,
            Next = request.DryRun
                ? "Run it without --dry-run to do it."
                : "process-pipeline for each of them, as above (a batch takes the oldest of all issues); then rollout gate",
        };
    }

    private static OpenedBetaIssue Create(IssueRef issue, BetaIssue beta) => new(issue.Canonical, beta.Title, beta.Expected);

    private static string Describe(OpenedBetaIssue beta) => $"{beta.Title} (expected {WireName.Of(beta.Expected)})";

    private static OperationResult RefuseForRateLimit(DateTimeOffset? until, IReadOnlyList<string> lines) =>
        OperationResult.Refuse($"GitHub's rate limit is reached until {until:u}.", "Try again then; what is open is kept", lines);

    // Also when opening was cut short: the issues exist on GitHub then. The gate asks for the outcomes recorded here.
    private async Task RecordAsync(List<OpenedBetaIssue> existing, List<OpenedBetaIssue> opened, OperatorRequest request) =>
        await states.UpdateUntilSavedAsync(
            edit =>
            {
                OpenedBetaIssue[] all = [.. existing, .. opened];
                if (!edit.State.BetaIssues.SequenceEqual(all))
                {
                    edit.State = edit.State with { BetaIssues = all };
                }

                if (opened.Count > 0)
                {
                    edit.Audit(request.Operator, "beta-issues", request.Reason, after: string.Join(", ", opened.Select(b => b.Issue)));
                }
            },
            CancellationToken.None);
}
