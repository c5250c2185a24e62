using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>
/// Reads an issue's state from its labels and computes what each transition adds and removes.
/// A transition that is done already changes nothing, so it can be repeated without harm.
/// </summary>
public static class LabelStateMachine
{
    public static WorkflowState ReadState(IReadOnlyCollection<string> labels, SpecialistCatalogue catalogue) =>
        ReadState(labels, catalogue.Labels);

    /// <summary>Reads the state of an issue with these labels.</summary>
    /// <param name="labels">The issue's labels.</param>
    /// <param name="catalogue">The specialist labels of the catalogue.</param>
    public static WorkflowState ReadState(IReadOnlyCollection<string> labels, IReadOnlyCollection<string> catalogue)
    {
        LabelSet set = new(labels);
        string[] specialists = set.GetSpecialists(catalogue);
        string[] others = set.GetSpecialistsWithoutEntry(catalogue);

        // A specialist label without an entry counts as an assignment only where site-monitor does not ask for an analysis.
        bool assigned = specialists.Length > 0 || (others.Length > 0 && !set.Has(WorkflowLabels.SiteMonitor));
        IssueState settled = GetSettledState(set, assigned);
        (IssueState state, string? problem) = GetCurrentState(set, settled, assigned);
        return new WorkflowState(state, settled, specialists, others, GetHoldingLabel(set, specialists.Length > 0), problem);
    }

    /// <summary>Returns what a transition does to the labels of an issue, or why it is refused.</summary>
    /// <param name="issue">The issue as just read.</param>
    /// <param name="transition">The step to take.</param>
    /// <param name="catalogue">The specialists an issue can be assigned to.</param>
    /// <param name="specialists">
    /// The chosen specialists' labels, for <see cref="Transition.Assign"/>, <see cref="Transition.Prepare"/> and <see
    /// cref="Transition.Restore"/>.
    /// </param>
    public static LabelChange Apply(
        IssueFacts issue,
        Transition transition,
        SpecialistCatalogue catalogue,
        IReadOnlyList<string>? specialists = null)
    {
        WorkflowState state = ReadState(issue.Labels, catalogue);
        LabelSet set = new(issue.Labels);
        IReadOnlyList<string> chosen = specialists ?? state.Specialists;
        return transition switch
        {
            Transition.Complete => Completion.GetLabelChange(set, state, catalogue),
            Transition.Restore => Restoration.GetLabelChange(set, specialists ?? []),
            _ => GetRefusal(issue, state, transition) is { } refused
                ? new LabelChange([], [], refused)
                : GetForwardChange(set, state, transition, chosen),
        };
    }

    private static LabelChange GetForwardChange(LabelSet set, WorkflowState state, Transition transition, IReadOnlyList<string> chosen) =>
        transition switch
    {
        Transition.StartAnalysis => state.SettledState == IssueState.Discovered
            ? CreateChange(set, [WorkflowLabels.Analyzing], [WorkflowLabels.Processing])
            : LabelChange.Refuse(SkipCodes.NotDiscovered,
                $"Analysis needs a discovered issue; this one is {GetStateName(state.SettledState)}."),
        Transition.Assign => Assign(set, chosen, []),
        Transition.Prepare => state.SettledState == IssueState.Ready ? LabelChange.None : Assign(set, chosen, [WorkflowLabels.Processing]),
        Transition.AwaitReview => Wait(set, state, WorkflowLabels.NeedsReview),
        Transition.AwaitClarification => Wait(set, state, WorkflowLabels.NeedsClarification),
        _ => state.Specialists.Count > 0
            ? CreateChange(set, [WorkflowLabels.CopilotAssigned], [.. WorkflowLabels.ShortLived, WorkflowLabels.SiteMonitor])
            : LabelChange.Refuse(SkipCodes.NotAssigned,
                "The specialist label is gone, so the issue cannot become ready: put it back and run the preparation again."),
    };

    private static LabelChange Assign(LabelSet set, IReadOnlyList<string> chosen, IReadOnlyList<string> also)
    {
        if (chosen.Count == 0)
        {
            return LabelChange.Refuse(SkipCodes.NotAssigned, "No specialist is chosen: add a specialist label of the catalogue.");
        }

        if (!set.Has(WorkflowLabels.SiteMonitor) && !set.HasAll(chosen))
        {
            return LabelChange.Refuse(SkipCodes.Withdrawn,
                "The label site-monitor or the specialist label was removed during the run, so nothing is written.");
        }

        // Beside site-monitor these labels make the issue waiting, and are ours to remove; elsewhere they are somebody's own.
        IReadOnlyList<string> waiting = set.Has(WorkflowLabels.SiteMonitor) ? WorkflowLabels.Waiting : [];
        return CreateChange(set, [.. chosen, .. also], [WorkflowLabels.SiteMonitor, WorkflowLabels.Analyzing, .. waiting]);
    }

    private static LabelChange Wait(LabelSet set, WorkflowState state, string label)
    {
        if (state.Specialists.Count > 0)
        {
            return LabelChange.Refuse(SkipCodes.AssignedMeanwhile,
                $"A person assigned {string.Join(", ", state.Specialists)} during the run: preparation is next.");
        }

        return set.Has(WorkflowLabels.SiteMonitor)
            ? CreateChange(set, [label], WorkflowLabels.ShortLived)
            : LabelChange.Refuse(SkipCodes.Withdrawn, "The label site-monitor was removed during the run, so nothing is written.");
    }

    private static Refusal? GetRefusal(IssueFacts issue, WorkflowState state, Transition transition)
    {
        if (GetBlockingReason(issue, state) is { } blocked)
        {
            return blocked;
        }

        bool isWait = transition is Transition.AwaitReview or Transition.AwaitClarification && state.HoldingLabel != WorkflowLabels.Feature;
        return state.HoldingLabel is not { } held || isWait || transition == Transition.Finish
            ? null
            : new Refusal(SkipCodes.HeldBy(held), $"The label '{held}' holds the issue back: remove it to go on.");
    }

    /// <summary>Returns why no stage can run, whatever the other labels say; null when one can.</summary>
    internal static Refusal? GetBlockingReason(IssueFacts issue, WorkflowState state) => issue switch
    {
        { IsPullRequest: true } => new Refusal(SkipCodes.PullRequest, "It is a pull request, not an issue."),
        { IsOpen: false } => new Refusal(SkipCodes.Closed, "The issue is closed: reopen it to have it processed."),
        _ when state.SettledState == IssueState.Completed => new Refusal(SkipCodes.Completed, "The issue is completed."),
        _ => null,
    };

    internal static LabelChange CreateChange(LabelSet set, IEnumerable<string> add, IEnumerable<string> remove) =>
        new(set.GetMissing(add), set.GetPresent(remove));

    internal static string GetStateName(IssueState state) =>
        state == IssueState.Unmanaged ? "not in the workflow" : state.ToString().ToLowerInvariant();

    private static IssueState GetSettledState(LabelSet set, bool assigned) =>
        set.Has(WorkflowLabels.Completed) ? IssueState.Completed
        : set.Has(WorkflowLabels.CopilotAssigned) ? IssueState.Ready
        : assigned ? IssueState.Assigned
        : !set.Has(WorkflowLabels.SiteMonitor) ? IssueState.Unmanaged
        : set.HasAny(WorkflowLabels.Waiting) ? IssueState.Waiting
        : IssueState.Discovered;

    private static (IssueState State, string? Problem) GetCurrentState(LabelSet set, IssueState settled, bool assigned)
    {
        bool analyzing = set.Has(WorkflowLabels.Analyzing);
        bool processing = set.Has(WorkflowLabels.Processing);
        return (settled, analyzing, processing) switch
        {
            (IssueState.Completed, _, _)
                when analyzing || processing || assigned || set.HasAny([WorkflowLabels.SiteMonitor, WorkflowLabels.CopilotAssigned]) =>
                (IssueState.Interrupted, "completed, with labels of other states beside it"),
            (IssueState.Ready, _, _) when !assigned => (IssueState.Interrupted, "copilot-assigned without a specialist label"),
            (IssueState.Ready, false, false) when set.Has(WorkflowLabels.SiteMonitor) =>
                (IssueState.Interrupted, "copilot-assigned together with site-monitor"),
            (_, false, false) => (settled, null),
            (IssueState.Discovered, true, false) => (IssueState.Analyzing, null),
            (IssueState.Assigned, false, true) => (IssueState.Preparing, null),
            _ => (IssueState.Interrupted, $"{(analyzing ? WorkflowLabels.Analyzing : WorkflowLabels.Processing)} on an issue that is " +
                $"{GetStateName(settled)}"),
        };
    }

    // A specialist label is the answer to a waiting issue; otherwise a holding label keeps the issue from being processed.
    private static string? GetHoldingLabel(LabelSet set, bool assigned)
    {
        if (set.Has(WorkflowLabels.Feature))
        {
            return WorkflowLabels.Feature;
        }

        bool answered = assigned && set.Has(WorkflowLabels.SiteMonitor);
        return answered ? null : WorkflowLabels.Holding.FirstOrDefault(set.Has);
    }
}
