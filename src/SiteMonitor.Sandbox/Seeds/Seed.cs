using System.Text.Json.Serialization;

namespace SiteMonitor.Sandbox.Seeds;

/// <summary>One finding of the sandbox and what must become of it.</summary>
public sealed record Seed
{
    /// <summary>The number in <c>octo-org/watchtower</c>; numbers are never reused for another story.</summary>
    public required int Number { get; init; }

    /// <summary>What is special about it, for people.</summary>
    public required string About { get; init; }

    public required string Title { get; init; }

    /// <summary>Null for an issue without a body.</summary>
    public string? Body { get; init; }

    /// <summary>Repeats <see cref="Body"/> up to this many characters; 0 leaves it.</summary>
    public int FillTo { get; init; }

    /// <summary><c>crlf</c> or <c>mixed</c>; null leaves line feeds.</summary>
    public string? LineEnds { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public IReadOnlyList<string> Assignees { get; init; } = [];

    public string Author { get; init; } = "watchtower-monitor[bot]";

    /// <summary>Comments that stand there already, as <c>login: text</c>.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>Null while open, else <c>completed</c> or <c>not_planned</c>.</summary>
    public string? ClosedAs { get; init; }

    public bool IsPullRequest { get; init; }

    public IReadOnlyList<int> Closes { get; init; } = [];

    /// <summary>Whether its text tries to steer the model, the bot or GitHub.</summary>
    public bool IsHostile { get; init; }

    [JsonPropertyName("ends")] public required SeedOutcome ExpectedOutcome { get; init; }

    /// <summary>The specialists it ends with, those it had included; empty unless it ends ready.</summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];

    /// <summary>Whether its body has room for a section of ours.</summary>
    public bool HasRoom { get; init; } = true;

    /// <summary>The labels it must end with, in no order.</summary>
    public IReadOnlySet<string> ExpectedLabels
    {
        get
        {
            HashSet<string> labels = new(Labels, StringComparer.OrdinalIgnoreCase);
            if (ExpectedOutcome == SeedOutcome.Untouched)
            {
                return labels;
            }

            labels.ExceptWith(["analyzing", "processing"]);
            switch (ExpectedOutcome)
            {
                case SeedOutcome.NeedsReview:
                    labels.Add("needs-review");
                    break;
                case SeedOutcome.NeedsClarification:
                    labels.Add("needs clarification");
                    break;
                default:
                    if (labels.Remove("site-monitor"))
                    {
                        labels.ExceptWith(["needs-review", "needs clarification"]);
                    }

                    labels.UnionWith(Specialists);
                    labels.Add("copilot-assigned");
                    break;
            }

            return labels;
        }
    }

    /// <summary>The body as the issue has it.</summary>
    public string? Text()
    {
        if (Body is null)
        {
            return null;
        }

        string text = Body;
        if (FillTo > text.Length)
        {
            text = string.Concat(Enumerable.Repeat(text + "\n\n", (FillTo / text.Length) + 1))[..FillTo];
        }

        return LineEnds switch
        {
            "crlf" => text.Replace("\n", "\r\n", StringComparison.Ordinal),
            "mixed" => string.Concat(text.Split('\n').Select((line, i) => i == 0 ? line : (i % 3) switch { 0 => $"\r\n{line}", 1 => $"\n{line}", _ => $"\r{line}" })),
            _ => text,
        };
    }
}

/// <summary>How the unified pipeline must leave a seed.</summary>
public enum SeedOutcome
{
    /// <summary>Specialist labels, guidance, Copilot assigned.</summary>
    Ready,

    NeedsReview,

    NeedsClarification,

    /// <summary>Not touched at all.</summary>
    Untouched,
}

/// <summary>Which findings a new sandbox starts with.</summary>
public enum SeedSet
{
    /// <summary>The repository with its labels, no issue.</summary>
    Empty,

    /// <summary>Everything in <c>Findings.*.json</c>.</summary>
    Full,
}
