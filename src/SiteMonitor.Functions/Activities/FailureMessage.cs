using System.Globalization;
using System.Text.RegularExpressions;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// A failed activity's message: durable histories keep nothing else of an exception but its type, so the stable code and what the try had spent ride at its end,
/// <c>… [code=github-not-found spent=1,0,0,0,0,0,0,0,0]</c>.
/// </summary>
internal static partial class FailureMessage
{
    /// <summary>The code of a failure that does not say what it is.</summary>
    public const string Unexpected = "unexpected";

    public static string Write(PipelineException failure, Usage spent) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{failure.Message} [code={failure.Code} spent={spent.GitHubReads},{spent.GitHubWrites},{spent.GitHubExtra},{spent.ModelCalls},{spent.PromptTokens},{spent.CompletionTokens},{spent.Dollars},{spent.CacheHits},{spent.WaitMs}]");

    /// <summary>Takes a message apart; one that was not written by <see cref="Write"/> has the code <c>unexpected</c> and spent nothing.</summary>
    public static (string Code, string Reason, Usage Spent) Read(string message)
    {
        Match match = Suffix().Match(message);
        return match.Success
            ? (match.Groups["code"].Value, message[..match.Index], ReadUsage(match.Groups["spent"].Value.Split(',')))
            : (Unexpected, message, Usage.Zero);
    }

    private static Usage ReadUsage(string[] parts) => new()
    {
        GitHubReads = Whole(parts[0]),
        GitHubWrites = Whole(parts[1]),
        GitHubExtra = Whole(parts[2]),
        ModelCalls = Whole(parts[3]),
        PromptTokens = Whole(parts[4]),
        CompletionTokens = Whole(parts[5]),
        Dollars = decimal.Parse(parts[6], NumberStyles.Float, CultureInfo.InvariantCulture),
        CacheHits = Whole(parts[7]),
        WaitMs = long.Parse(parts[8], NumberStyles.None, CultureInfo.InvariantCulture),
    };

    private static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@" \[code=(?<code>[a-z0-9-]+) spent=(?<spent>\d{1,9}(,\d{1,9}){5},[0-9.E-]{1,30},\d{1,9},\d{1,15})\]$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Suffix();
}
