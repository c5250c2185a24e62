using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>
/// Reads an issue's state from its labels and says what each transition adds and removes. All answers are differences to the labels given, so a transition
/// that is done already changes nothing, and running one twice leaves the issue as running it once.
/// </summary>
public static class LabelStateMachine
{
    private static readonly string[] WaitingLabels = [WorkflowLabels.NeedsReview, WorkflowLabels.NeedsClarification];

    public static WorkflowState ReadState(IReadOnlyCollection<string> labels, SpecialistCatalogue catalogue)
    {
        LabelSet set = new(labels);
        string[] specialists = set.GetSpecialists(catalogue);
        string[] others = set.GetSpecialistsWithoutEntry(catalogue);
        // A label that nobody here can work for decides only where site-monitor does not ask for an analysis.
        bool assigned = specialists.Length > 0 || (others.Length > 0 && !set.Has(WorkflowLabels.SiteMonitor));
        IssueState resting = GetSettledState(set, assigned);
        (IssueState state, string? problem) = GetCurrentState(set, resting, assigned);
        return new WorkflowState(state, resting, specialists, others, GetHoldingLabel(set, specialists.Length > 0), problem);
    }

    /// <summary>What <paramref name="transition"/> does to the labels of this issue, or why it is refused.</summary>
    /// <param name="specialists">The chosen specialists' labels; only <see cref="Transition.Assign"/> and <see cref="Transition.Prepare"/> use them.</param>
    public static LabelChange Apply(IssueFacts issue, Transition transition, SpecialistCatalogue catalogue, IReadOnlyList<string>? specialists = null)
    {
        WorkflowState reading = ReadState(issue.Labels, catalogue);
        LabelSet set = new(issue.Labels);
        IReadOnlyList<string> chosen = specialists ?? reading.Specialists;
        return transition switch
        {
            Transition.Complete => Completion.GetLabelChange(set, reading, catalogue),
            Transition.Restore => Restoration.GetLabelChange(set, specialists ?? []),
            _ => GetRefusal(issue, reading, transition) is { } refused
                ? new LabelChange([], [], refused)
                : GetForwardChange(set, reading, transition, chosen),
        };
    }

    private static LabelChange GetForwardChange(LabelSet set, WorkflowState reading, Transition transition, IReadOnlyList<string> chosen) => transition switch
    {
        Transition.StartAnalysis => reading.SettledState == IssueState.Discovered
            ? CreateChange(set, [WorkflowLabels.Analyzing], [WorkflowLabels.Processing])
            : LabelChange.Refuse(SkipCodes.NotDiscovered, $"Analysis needs a discovered issue; this one is {GetStateName(reading.SettledState)}."),
        Transition.StartPreparation when reading.SettledState == IssueState.Ready => LabelChange.Refuse(SkipCodes.CopilotAssigned, "Copilot has the issue already."),
        Transition.StartPreparation => reading.Specialists.Count > 0
            ? CreateChange(set, [WorkflowLabels.Processing], [WorkflowLabels.Analyzing])
            : LabelChange.Refuse(SkipCodes.NotAssigned, $"Preparation needs a specialist label of the catalogue; this issue is {GetStateName(reading.SettledState)}."),
        Transition.Assign => Assign(set, chosen, []),
        Transition.Prepare => reading.SettledState == IssueState.Ready ? LabelChange.None : Assign(set, chosen, [WorkflowLabels.Processing]),
        Transition.AwaitReview => Wait(set, reading, WorkflowLabels.NeedsReview),
        Transition.AwaitClarification => Wait(set, reading, WorkflowLabels.NeedsClarification),
        _ => reading.Specialists.Count > 0
            ? CreateChange(set, [WorkflowLabels.CopilotAssigned], [.. WorkflowLabels.ShortLived, WorkflowLabels.SiteMonitor])
            : LabelChange.Refuse(SkipCodes.NotAssigned, "The specialist label is gone, so the issue cannot become ready: put it back and run the preparation again."),
    };

    private static LabelChange Assign(LabelSet set, IReadOnlyList<string> chosen, IReadOnlyList<string> also)
    {
        if (chosen.Count == 0)
        {
            return LabelChange.Refuse(SkipCodes.NotAssigned, "No specialist is chosen: add a specialist label of the catalogue.");
        }

        if (!set.Has(WorkflowLabels.SiteMonitor) && !set.HasAll(chosen))
        {
            return LabelChange.Refuse(SkipCodes.Withdrawn, "The label site-monitor or the specialist label was taken off while we worked: nothing is written.");
        }

        // The labels that say "waiting" are ours to take off only where they make the issue waiting, that is beside site-monitor.
        string[] waiting = set.Has(WorkflowLabels.SiteMonitor) ? WaitingLabels : [];
        return CreateChange(set, [.. chosen, .. also], [WorkflowLabels.SiteMonitor, WorkflowLabels.Analyzing, .. waiting]);
    }

    private static LabelChange Wait(LabelSet set, WorkflowState reading, string label)
    {
        if (reading.Specialists.Count > 0)
        {
            return LabelChange.Refuse(SkipCodes.AssignedMeanwhile, $"Somebody assigned {string.Join(", ", reading.Specialists)} meanwhile: preparation is next.");
        }

        return set.Has(WorkflowLabels.SiteMonitor)
            ? CreateChange(set, [label], WorkflowLabels.ShortLived)
            : LabelChange.Refuse(SkipCodes.Withdrawn, "The label site-monitor was taken off while we worked: nothing is written.");
    }

    private static Refusal? GetRefusal(IssueFacts issue, WorkflowState reading, Transition transition)
    {
        if (GetBlockingReason(issue, reading) is { } impassable)
        {
            return impassable;
        }

        bool isWait = transition is Transition.AwaitReview or Transition.AwaitClarification && reading.HoldingLabel != WorkflowLabels.Feature;
        return reading.HoldingLabel is not { } held || isWait || transition == Transition.Finish
            ? null
            : new Refusal(SkipCodes.HeldBy(held), $"The label '{held}' holds the issue back: remove it to go on.");
    }

    /// <summary>What stops every stage, whatever the other labels say.</summary>
    internal static Refusal? GetBlockingReason(IssueFacts issue, WorkflowState reading) => issue switch
    {
        { IsPullRequest: true } => new Refusal(SkipCodes.PullRequest, "It is a pull request, not an issue."),
        { IsOpen: false } => new Refusal(SkipCodes.Closed, "The issue is closed: reopen it to have it processed."),
        _ when reading.SettledState == IssueState.Completed => new Refusal(SkipCodes.Completed, "The issue is completed."),
        _ => null,
    };

    internal static LabelChange CreateChange(LabelSet set, IEnumerable<string> add, IEnumerable<string> remove) => new(set.GetMissing(add), set.GetPresent(remove));

    internal static string GetStateName(IssueState state) => state == IssueState.Unmanaged ? "not in the workflow" : state.ToString().ToLowerInvariant();

    private static IssueState GetSettledState(LabelSet set, bool assigned) =>
        set.Has(WorkflowLabels.Completed) ? IssueState.Completed
        : set.Has(WorkflowLabels.CopilotAssigned) ? IssueState.Ready
        : assigned ? IssueState.Assigned
        : !set.Has(WorkflowLabels.SiteMonitor) ? IssueState.Unmanaged
        : set.HasAny(WaitingLabels) ? IssueState.Waiting
        : IssueState.Discovered;

    private static (IssueState State, string? Problem) GetCurrentState(LabelSet set, IssueState resting, bool assigned)
    {
        bool analyzing = set.Has(WorkflowLabels.Analyzing);
        bool processing = set.Has(WorkflowLabels.Processing);
        return (resting, analyzing, processing) switch
        {
            (IssueState.Completed, _, _) when analyzing || processing || assigned || set.HasAny([WorkflowLabels.SiteMonitor, WorkflowLabels.CopilotAssigned]) =>
                (IssueState.Interrupted, "completed, with labels of other states beside it"),
            (IssueState.Ready, _, _) when !assigned => (IssueState.Interrupted, "copilot-assigned without a specialist label"),
            (IssueState.Ready, false, false) when set.Has(WorkflowLabels.SiteMonitor) => (IssueState.Interrupted, "copilot-assigned together with site-monitor"),
            (_, false, false) => (resting, null),
            (IssueState.Discovered, true, false) => (IssueState.Analyzing, null),
            (IssueState.Assigned, false, true) => (IssueState.Preparing, null),
            _ => (IssueState.Interrupted, $"{(analyzing ? WorkflowLabels.Analyzing : WorkflowLabels.Processing)} on an issue that is {GetStateName(resting)}"),
        };
    }

    /// <summary>A specialist label answers the question of a waiting issue; everywhere else the holding labels hold.</summary>
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
