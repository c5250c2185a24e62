using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>
/// Reads an issue's state from its labels and says what each transition adds and removes. All answers are differences to the labels given, so a transition
/// that is done already changes nothing, and running one twice leaves the issue as running it once.
/// </summary>
public static class LabelStateMachine
{
    private static readonly string[] WaitingLabels = [WorkflowLabels.NeedsReview, WorkflowLabels.NeedsClarification];

    public static StateReading Read(IReadOnlyCollection<string> labels, SpecialistCatalogue catalogue)
    {
        LabelSet set = new(labels);
        string[] specialists = set.SpecialistsOf(catalogue);
        string[] others = set.SpecialistsBeside(catalogue);
        // A label that nobody here can work for decides only where site-monitor does not ask for an analysis.
        bool assigned = specialists.Length > 0 || (others.Length > 0 && !set.Has(WorkflowLabels.SiteMonitor));
        IssueState resting = Resting(set, assigned);
        (IssueState state, string? problem) = Current(set, resting, assigned);
        return new StateReading(state, resting, specialists, others, HeldBy(set, specialists.Length > 0), problem);
    }

    /// <summary>What <paramref name="transition"/> does to the labels of this issue, or why it is refused.</summary>
    /// <param name="specialists">The chosen specialists' labels; only <see cref="Transition.Assign"/> and <see cref="Transition.Prepare"/> use them.</param>
    public static LabelChange Apply(IssueFacts issue, Transition transition, SpecialistCatalogue catalogue, IReadOnlyList<string>? specialists = null)
    {
        StateReading reading = Read(issue.Labels, catalogue);
        LabelSet set = new(issue.Labels);
        IReadOnlyList<string> chosen = specialists ?? reading.Specialists;
        return transition switch
        {
            Transition.Complete => Completion.Change(set, reading, catalogue),
            Transition.Restore => Restoration.Change(set, specialists ?? []),
            _ => Barred(issue, reading, transition) is { } refused
                ? new LabelChange([], [], refused)
                : Forward(set, reading, transition, chosen),
        };
    }

    private static LabelChange Forward(LabelSet set, StateReading reading, Transition transition, IReadOnlyList<string> chosen) => transition switch
    {
        Transition.StartAnalysis => reading.Resting == IssueState.Discovered
            ? Change(set, [WorkflowLabels.Analyzing], [WorkflowLabels.Processing])
            : LabelChange.Refuse(SkipCodes.NotDiscovered, $"Analysis needs a discovered issue; this one is {Name(reading.Resting)}."),
        Transition.StartPreparation when reading.Resting == IssueState.Ready => LabelChange.Refuse(SkipCodes.CopilotAssigned, "Copilot has the issue already."),
        Transition.StartPreparation => reading.Specialists.Count > 0
            ? Change(set, [WorkflowLabels.Processing], [WorkflowLabels.Analyzing])
            : LabelChange.Refuse(SkipCodes.NotAssigned, $"Preparation needs a specialist label of the catalogue; this issue is {Name(reading.Resting)}."),
        Transition.Assign => Assign(set, chosen, []),
        Transition.Prepare => reading.Resting == IssueState.Ready ? LabelChange.None : Assign(set, chosen, [WorkflowLabels.Processing]),
        Transition.AwaitReview => Wait(set, reading, WorkflowLabels.NeedsReview),
        Transition.AwaitClarification => Wait(set, reading, WorkflowLabels.NeedsClarification),
        _ => reading.Specialists.Count > 0
            ? Change(set, [WorkflowLabels.CopilotAssigned], [.. WorkflowLabels.ShortLived, WorkflowLabels.SiteMonitor])
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
        return Change(set, [.. chosen, .. also], [WorkflowLabels.SiteMonitor, WorkflowLabels.Analyzing, .. waiting]);
    }

    private static LabelChange Wait(LabelSet set, StateReading reading, string label)
    {
        if (reading.Specialists.Count > 0)
        {
            return LabelChange.Refuse(SkipCodes.AssignedMeanwhile, $"Somebody assigned {string.Join(", ", reading.Specialists)} meanwhile: preparation is next.");
        }

        return set.Has(WorkflowLabels.SiteMonitor)
            ? Change(set, [label], WorkflowLabels.ShortLived)
            : LabelChange.Refuse(SkipCodes.Withdrawn, "The label site-monitor was taken off while we worked: nothing is written.");
    }

    private static Refusal? Barred(IssueFacts issue, StateReading reading, Transition transition)
    {
        if (Impassable(issue, reading) is { } impassable)
        {
            return impassable;
        }

        bool isWait = transition is Transition.AwaitReview or Transition.AwaitClarification && reading.HeldBy != WorkflowLabels.Feature;
        return reading.HeldBy is not { } held || isWait || transition == Transition.Finish
            ? null
            : new Refusal(SkipCodes.HeldBy(held), $"The label '{held}' holds the issue back: remove it to go on.");
    }

    /// <summary>What stops every stage, whatever the other labels say.</summary>
    internal static Refusal? Impassable(IssueFacts issue, StateReading reading) => issue switch
    {
        { IsPullRequest: true } => new Refusal(SkipCodes.PullRequest, "It is a pull request, not an issue."),
        { IsOpen: false } => new Refusal(SkipCodes.Closed, "The issue is closed: reopen it to have it processed."),
        _ when reading.Resting == IssueState.Completed => new Refusal(SkipCodes.Completed, "The issue is completed."),
        _ => null,
    };

    internal static LabelChange Change(LabelSet set, IEnumerable<string> add, IEnumerable<string> remove) => new(set.Missing(add), set.Present(remove));

    internal static string Name(IssueState state) => state == IssueState.Unmanaged ? "not in the workflow" : state.ToString().ToLowerInvariant();

    private static IssueState Resting(LabelSet set, bool assigned) =>
        set.Has(WorkflowLabels.Completed) ? IssueState.Completed
        : set.Has(WorkflowLabels.CopilotAssigned) ? IssueState.Ready
        : assigned ? IssueState.Assigned
        : !set.Has(WorkflowLabels.SiteMonitor) ? IssueState.Unmanaged
        : set.HasAny(WaitingLabels) ? IssueState.Waiting
        : IssueState.Discovered;

    private static (IssueState State, string? Problem) Current(LabelSet set, IssueState resting, bool assigned)
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
            _ => (IssueState.Interrupted, $"{(analyzing ? WorkflowLabels.Analyzing : WorkflowLabels.Processing)} on an issue that is {Name(resting)}"),
        };
    }

    /// <summary>A specialist label answers the question of a waiting issue; everywhere else the holding labels hold.</summary>
    private static string? HeldBy(LabelSet set, bool assigned)
    {
        if (set.Has(WorkflowLabels.Feature))
        {
            return WorkflowLabels.Feature;
        }

        bool answered = assigned && set.Has(WorkflowLabels.SiteMonitor);
        return answered ? null : WorkflowLabels.Holding.FirstOrDefault(set.Has);
    }
}
