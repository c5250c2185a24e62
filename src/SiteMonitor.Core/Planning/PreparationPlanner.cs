using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>
/// Plans the write of a unified preparation: guidance into the body, specialist labels and <c>processing</c> on,
/// <c>site-monitor</c> and <c>analyzing</c> off, the comment. It is made before Copilot is assigned, since Copilot reads the issue then.
/// </summary>
public static class PreparationPlanner
{
    /// <param name="fresh">The issue as just read: what is there already is not written again.</param>
    /// <param name="decision">
    /// The analysis of the same run; null when the issue was assigned before, so that its labels name the specialists.
    /// </param>
    /// <param name="names">What the model quoted from the text; null when it is unknown.</param>
    public static ChangePlan For(
        PlanContext context, IssueSnapshot fresh, AnalysisDecision? decision = null, NamedEntities? names = null)
    {
        IssueFacts issue = IssueFacts.From(fresh);
        WorkflowState state = LabelStateMachine.ReadState(fresh.Labels, context.Catalogue);
        // A specialist that a person added in the meantime is assigned as well, and needs its instructions too.
        string[] chosen = [.. (decision?.Specialists ?? []).Union(state.Specialists, StringComparer.OrdinalIgnoreCase)];
        LabelChange labels = LabelStateMachine.Apply(issue, Transition.Prepare, context.Catalogue, chosen);
        if (labels.Refused is { } refused)
        {
            return ChangePlan.Refuse(refused);
        }

        if (state.SettledState == IssueState.Ready)
        {
            return ChangePlan.Nothing;
        }

        Specialist[] specialists = [.. chosen.Select(context.Catalogue.Find).OfType<Specialist>()];
        if (specialists.Length < chosen.Length)
        {
            return ChangePlan.Refuse(new Refusal(SkipCodes.NoSpecialistEntry,
                "The catalogue no longer has an entry for a chosen specialist: analyse the issue again."));
        }

        string original = GuidanceSection.Remove(fresh.Body, fresh.Ref, context.Markers);
        GuidanceText guidance = Guidance.Compose(
            fresh,
            specialists,
            EntityExtractor.Extract($"{fresh.Title}\n\n{original}", names),
            GuidanceSection.GetAvailableSpace(fresh.Body, fresh.Ref, context.Markers));
        return new ChangePlan(labels.ToIssueChange() with
        {
            Body = NewBody(context, fresh, guidance.Section),
            Comment = Comment(context, fresh, decision, specialists, guidance.Overflow),
        })
        {
            IsGuidanceInComment = guidance.Overflow.Length > 0,
        };
    }

    /// <summary>Returns the body with this section; null when it has it already or has no space for one.</summary>
    internal static string? NewBody(PlanContext context, IssueSnapshot fresh, string section)
    {
        string body = section.Length == 0
            ? GuidanceSection.Remove(fresh.Body, fresh.Ref, context.Markers)
            : GuidanceSection.Apply(fresh.Body, section, fresh.Ref, context.Markers);
        return body == fresh.Body ? null : body;
    }

    private static CommentChange? Comment(
        PlanContext context,
        IssueSnapshot fresh,
        AnalysisDecision? decision,
        Specialist[] specialists,
        string overflow) =>
        decision is null
            ? CommentMarkers.CreateChange(fresh, CommentKind.Prepared, PreparationComments.Prepared(specialists, overflow), context.Markers)
            : CommentMarkers.CreateChange(fresh, CommentKind.Assignment,
                AnalysisComments.Assignment(fresh, decision, context.Catalogue, handOver: true, overflow), context.Markers);
}
