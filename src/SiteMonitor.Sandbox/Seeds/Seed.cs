using System.Text.Json.Serialization;

namespace SiteMonitor.Sandbox.Seeds;

/// <summary>A finding of the sandbox and its expected outcome.</summary>
public sealed record Seed
{
    /// <summary>Number of the issue in <c>octo-org/watchtower</c>; numbers are never reused for another finding.</summary>
    public required int Number { get; init; }

    /// <summary>What is special about it.</summary>
    public required string About { get; init; }

    public required string Title { get; init; }

    /// <summary>Null for an issue without a body.</summary>
    public string? Body { get; init; }

    /// <summary>Repeats <see cref="Body"/> up to this many characters; 0 leaves it unchanged.</summary>
    public int FillTo { get; init; }

    /// <summary><c>crlf</c> or <c>mixed</c>; null for line feeds.</summary>
    public string? LineEnds { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public IReadOnlyList<string> Assignees { get; init; } = [];

    public string Author { get; init; } = "watchtower-monitor[bot]";

    /// <summary>Existing comments as <c>login: text</c>.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>Null if open, else <c>completed</c> or <c>not_planned</c>.</summary>
    public string? ClosedAs { get; init; }

    public bool IsPullRequest { get; init; }

    public IReadOnlyList<int> Closes { get; init; } = [];

    /// <summary>Whether its text tries to influence the model, the bot or GitHub.</summary>
    public bool IsHostile { get; init; }

    [JsonPropertyName("ends")] public required SeedOutcome ExpectedOutcome { get; init; }

    /// <summary>Expected specialists, including existing ones; empty unless the outcome is <see cref="SeedOutcome.Ready"/>.</summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];

    /// <summary>Whether the body has room for the guidance section.</summary>
    public bool HasRoom { get; init; } = true;

    /// <summary>Returns the expected labels, in no order.</summary>
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

    /// <summary>Returns the body of the issue.</summary>
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
            "mixed" => string.Concat(
                text.Split('\n').Select(
                    (line, i) => i == 0 ? line : (i % 3) switch { 0 => $"\r\n{line}", 1 => $"\n{line}", _ => $"\r{line}" })),
            _ => text,
        };
    }
}

/// <summary>Expected result of the unified pipeline for a seed.</summary>
public enum SeedOutcome
{
    /// <summary>Specialist labels, guidance, Copilot assigned.</summary>
    Ready,

    NeedsReview,

    NeedsClarification,

    /// <summary>No change at all.</summary>
    Untouched,
}

/// <summary>The findings of a new sandbox.</summary>
public enum SeedSet
{
    /// <summary>The repository with its labels, without issues.</summary>
    Empty,

    /// <summary>All findings in <c>Findings.*.json</c>.</summary>
    Full,
}
