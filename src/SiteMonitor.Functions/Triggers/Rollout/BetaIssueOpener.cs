using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>
/// Opens the test issues of the soft launch; those that are there already are left, so that asking twice opens nothing twice.
/// </summary>
public sealed class BetaIssueOpener(IIssueOpener opener, RolloutPlan plan, RepositoryScope scope, RolloutStates states, TimeProvider time)
{
    private const string Body = """
        A test issue of the soft launch, opened by `rollout beta-issues`. A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware
        against grid operators; it exploits CVE-2025-21418. Please prepare a strategic intelligence analysis of the threat.
        """;

    public async Task<OperationResult> OpenAsync(OperatorRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Operator))
        {
            return OperationResult.Invalid("Who asks? The issues say so.", "Give your name: --operator, or \"operator\" in the body");
        }

        RepositoryRef? repository = scope.Configured.Count > 0 ? scope.Configured[0] : null;
        if (request.Repository.Length > 0 && (!RepositoryRef.TryParse(request.Repository, out repository) || !scope.Includes(repository)))
        {
            return OperationResult.Invalid($"'{request.Repository}' is none of our repositories.", "Choose one of GitHub:Repositories, as owner/name");
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
            return OperationResult.Refuse($"GitHub's rate limit bars it until {found.RetryAt:u}.", "Try again then");
        }

        Dictionary<string, int> there = plan.BetaIssues.Where(titles.ContainsKey).ToDictionary(t => t, t => titles[t]);
        string[] missing = [.. plan.BetaIssues.Except(there.Keys)];
        List<IssueRef> opened = [];
        CallResult<IssueRef>? last = null;
        try
        {
            foreach (string title in request.DryRun ? [] : missing)
            {
                last = await opener.OpenAsync(repository, title, Body, [WorkflowLabels.SiteMonitor, label], cancellationToken);
                if (last.Value is not { } issue)
                {
                    break;
                }

                opened.Add(issue);
            }
        }
        finally
        {
            await AuditAsync(opened, request);
        }

        string[] lines =
        [
            .. there.Select(t => $"{repository}#{t.Value} is there already: {t.Key}"),
            .. request.DryRun ? missing : missing.Zip(opened, (title, issue) => $"{issue}: {title}"),
            .. there.Values.Concat(opened.Select(i => i.Number)).Select(n => $"process-pipeline --repo {repository} --issue {n}"),
        ];
        return last is { Value: null }
            ? OperationResult.Refuse($"GitHub's rate limit bars it until {last.RetryAt:u}.", "Try again then; what is there is left", lines)
            : new OperationResult
            {
                Code = missing.Length == 0 ? OperationResult.NothingToDoCode : request.DryRun ? OperationResult.PlannedCode : OperationResult.DoneCode,
                Title = missing.Length == 0 ? "All test issues are there." : $"{missing.Length} test issues in {repository}, labelled {WorkflowLabels.SiteMonitor} and {label}.",
                Lines = lines,
                Next = "process-pipeline for each of them, as above (a batch takes the oldest of all issues); then rollout gate",
            };
    }

    // Also when opening was broken off: they are on GitHub then.
    private async Task AuditAsync(List<IssueRef> opened, OperatorRequest request)
    {
        bool saved = opened.Count == 0;
        while (!saved)
        {
            StoredState stored = await states.ReadAsync(CancellationToken.None);
            var edit = new RolloutEdit(stored.State, time.GetUtcNow());
            edit.Audit(request.Operator, "beta-issues", request.Reason, after: string.Join(", ", opened));
            saved = await states.SaveAsync(edit, stored.Version, CancellationToken.None) is not null;
        }
    }
}
