using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>What an operator writes into the report: the body of <c>POST report/notes</c>.</summary>
public sealed record ReportNoteRequest
{
    /// <summary>Who writes; recorded in the audit log.</summary>
    public string Operator { get; init; } = string.Empty;

    /// <summary>
    /// <c>well</c>, <c>improve</c>, <c>action</c>, or the metric whose actual value it is: <c>coverage</c>, <c>satisfaction</c>,
    /// <c>team-satisfaction</c>, <c>on-budget</c>.
    /// </summary>
    public string About { get; init; } = string.Empty;

    /// <summary>One line, up to 500 characters.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Id of a note to remove instead of adding one.</summary>
    public string Remove { get; init; } = string.Empty;

    /// <summary>Shows what would happen and changes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Adds people's notes to the report and removes them. They are kept in the rollout's state, for every later report.</summary>
public sealed class ReportNotes(RolloutStateRepository states)
{
    public const string Well = "well";
    public const string Improve = "improve";
    public const string Action = "action";

    private const int MaxLength = 500;
    private const int MaxNotes = 200;

    /// <summary>What a note can be about.</summary>
    public static IReadOnlyList<string> Topics { get; } = [Well, Improve, Action, .. ManualMetric.All.Select(m => m.Id)];

    public Task<OperationResult> ApplyAsync(ReportNoteRequest request, CancellationToken cancellationToken) =>
        new OperatorRequest { Operator = request.Operator, DryRun = request.DryRun }.ApplyAsync(
            states,
            (edit, _) => Task.FromResult(request.Remove is { Length: > 0 } ? Remove(edit, request) : Add(edit, request)),
            cancellationToken);

    private static OperationResult Add(RolloutEdit edit, ReportNoteRequest request)
    {
        string text = (request.Text ?? string.Empty).Trim();
        if (!Topics.Contains(request.About))
        {
            return OperationResult.Invalid(
                $"A note cannot be about '{request.About}'.", $"Choose one of {string.Join(", ", Topics)}; other figures are measured");
        }

        if (text.Length is 0 or > MaxLength || text.AsSpan().ContainsAny('\r', '\n'))
        {
            return OperationResult.Invalid(
                $"A note is one line of 1 to {MaxLength} characters.", $"report note {request.About} \"what to remember\"");
        }

        if (edit.State.ReportNotes.Count >= MaxNotes)
        {
            return OperationResult.Invalid($"The report has {MaxNotes} notes, the most it keeps.", "report note --remove N-1");
        }

        int number = edit.State.ReportNoteCount + 1;
        ReportNote note = new($"N-{number}", request.About, text, request.Operator, edit.Now);
        edit.State = edit.State with { ReportNotes = [.. edit.State.ReportNotes, note], ReportNoteCount = number };
        edit.Audit(request.Operator, "report-note", text, after: $"{note.Id} {note.About}");
        return OperationResult.Planned($"{note.Id} is in the report ({Describe(note.About)}): {text}", "report");
    }

    private static OperationResult Remove(RolloutEdit edit, ReportNoteRequest request)
    {
        if (edit.State.ReportNotes.FirstOrDefault(n => n.Id.Equals(request.Remove, StringComparison.OrdinalIgnoreCase)) is not { } note)
        {
            string known = string.Join(", ", edit.State.ReportNotes.Select(n => n.Id));
            return OperationResult.NotFound(
                $"The report has no note {request.Remove}.", known.Length == 0 ? "It has no notes" : $"It has {known}");
        }

        edit.State = edit.State with { ReportNotes = [.. edit.State.ReportNotes.Where(n => n != note)] };
        edit.Audit(request.Operator, "report-note-removed", note.Text, before: $"{note.Id} {note.About}");
        return OperationResult.Planned($"{note.Id} is no longer in the report: {note.Text}", "report");
    }

    private static string Describe(string about) => about switch
    {
        Well => "what went well",
        Improve => "what could be improved",
        Action => "action items",
        _ => $"actual value of {about}",
    };
}
