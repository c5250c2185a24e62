using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Result of an operator's request; the response of the rollout routes.</summary>
public record OperationResult
{
    public const string DoneCode = "done";
    public const string PendingCode = "pending";
    public const string PlannedCode = "planned";
    public const string NothingToDoCode = "nothing-to-do";
    public const string RefusedCode = "refused";
    public const string InvalidCode = "invalid";
    public const string ConflictCode = "conflict";
    public const string NotFoundCode = "not-found";

    /// <summary>
    /// <c>done</c>; <c>pending</c> (recorded, flags not all written yet); <c>planned</c> (dry run); <c>nothing-to-do</c>;
    /// <c>refused</c>, <c>invalid</c>, <c>conflict</c>, <c>not-found</c> (nothing changed).
    /// </summary>
    public required string Code { get; init; }

    /// <summary>One sentence.</summary>
    public required string Title { get; init; }

    /// <summary>
    /// For a planned or refused change: the phase it was evaluated in. Sent back as the request's phase, it makes a change of phase in
    /// between a conflict.
    /// </summary>
    public string Phase { get; init; } = string.Empty;

    public IReadOnlyList<string> Lines { get; init; } = [];

    public IReadOnlyList<FlagChange> Flags { get; init; } = [];

    /// <summary>The gate, where it matters.</summary>
    public IReadOnlyList<CriterionResult> Criteria { get; init; } = [];

    /// <summary>What to do next.</summary>
    public required string Next { get; init; }

    public bool Changed => Code is DoneCode or PendingCode;

    public bool Failed => Code is RefusedCode or InvalidCode or ConflictCode or NotFoundCode;

    /// <summary>Returns a prepared change; its code becomes <c>done</c> when it is saved.</summary>
    public static OperationResult Planned(string title, string next, params IReadOnlyList<string> lines) =>
        new() { Code = PlannedCode, Title = title, Next = next, Lines = lines };

    public static OperationResult Nothing(string title, string next) => new() { Code = NothingToDoCode, Title = title, Next = next };

    public static OperationResult Refuse(string title, string next, params IReadOnlyList<string> lines) =>
        new() { Code = RefusedCode, Title = title, Next = next, Lines = lines };

    public static OperationResult Invalid(string title, string next) => new() { Code = InvalidCode, Title = title, Next = next };

    public static OperationResult WithoutReason(string operation) =>
        Invalid($"rollout {operation} needs a reason: it is audited and announced.", $"rollout {operation} --reason \"…\"");

    public static OperationResult Conflict(string title, string next) => new() { Code = ConflictCode, Title = title, Next = next };

    public static OperationResult NotFound(string title, string next) => new() { Code = NotFoundCode, Title = title, Next = next };
}

/// <summary>One flag's change, as display text.</summary>
public sealed record FlagChange(string Flag, string Before, string After);
