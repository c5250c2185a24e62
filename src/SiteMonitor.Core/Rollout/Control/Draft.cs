namespace SiteMonitor.Core.Rollout.Control;

/// <summary>An operation drawn up but not saved: either a refusal, or a change with what to tell the operator.</summary>
/// <param name="Result">What to tell: as it is for a refusal, as planned or done otherwise.</param>
/// <param name="Edit">Null for a refusal or when there is nothing to do.</param>
public sealed record OperationDraft(OperationResult Result, RolloutEdit? Edit)
{
    public static OperationDraft Refused(OperationResult answer) => new(answer, null);

    public static OperationDraft Change(RolloutEdit edit, string title, string next, params IReadOnlyList<string> lines) =>
        new(new OperationResult { Code = OperationResult.PlannedCode, Title = title, Next = next, Lines = lines }, edit);

    public static OperationDraft Nothing(string title, string next) =>
        new(new OperationResult { Code = OperationResult.NothingToDoCode, Title = title, Next = next }, null);
}
