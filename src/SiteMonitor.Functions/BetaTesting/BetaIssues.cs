using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Functions.Starting;

namespace SiteMonitor.Functions.BetaTesting;

/// <summary>Opens the test issues of the soft launch; those that are there already are left, so that asking twice opens nothing twice.</summary>
public sealed class BetaIssues(IIssueOpener opener, RolloutPlan plan, RepositoryScope scope)
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
            : label is null ? OperationResult.Invalid("No phase of the plan routes by a label.", "Give flags.unifiedPipeline.labels of a phase a label")
            : await OpenAsync(repository, label, request, cancellationToken);
    }

    private async Task<OperationResult> OpenAsync(RepositoryRef repository, string label, OperatorRequest request, CancellationToken cancellationToken)
    {
        CallResult<IReadOnlyDictionary<string, int>> there = await opener.TitlesAsync(repository, label, cancellationToken);
        if (there.Value is not { } titles)
        {
            return OperationResult.Refuse($"GitHub's rate limit bars it until {there.RetryAt:u}.", "Try again then");
        }

        List<string> lines = [.. plan.BetaIssues.Where(titles.ContainsKey).Select(t => $"{repository}#{titles[t]} is there already: {t}")];
        string[] missing = [.. plan.BetaIssues.Where(t => !titles.ContainsKey(t))];
        foreach (string title in request.DryRun ? [] : missing)
        {
            CallResult<IssueRef> opened = await opener.OpenAsync(repository, title, Body, [WorkflowLabels.SiteMonitor, label], cancellationToken);
            if (opened.Value is not { } issue)
            {
                return OperationResult.Refuse($"GitHub's rate limit bars it until {opened.RetryAt:u}.", "Try again then; what is there is left", lines);
            }

            lines.Add($"{issue}: {title}");
        }

        return new OperationResult
        {
            Code = missing.Length == 0 ? OperationResult.NothingToDoCode : request.DryRun ? OperationResult.PlannedCode : OperationResult.DoneCode,
            Title = missing.Length == 0 ? "All test issues are there." : $"{missing.Length} test issues in {repository}, labelled {WorkflowLabels.SiteMonitor} and {label}.",
            Lines = request.DryRun ? [.. lines, .. missing] : lines,
            Next = "process-pipeline --issue <number>, or process-pipeline for all; then rollout gate",
        };
    }
}
