using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Core.Backtest;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Sends issues to the application in batches, with a progress bar, until all are decided or the budget is used up.</summary>
internal sealed class BacktestBatches(CommandContext context, decimal maxDollars)
{
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

    private readonly List<BacktestRow> _rows = [];
    private readonly List<BacktestProblem> _problems = [];

    public IReadOnlyList<BacktestRow> Rows => _rows;

    public IReadOnlyList<BacktestProblem> Problems => _problems;

    public bool IsOverBudget { get; private set; }

    /// <returns>The response of a request that failed; null when all succeeded.</returns>
    public Task<ApiResponse<BacktestResponse>?> RunAsync(
        string repository, IReadOnlyList<IssueHistory> issues, CancellationToken cancellationToken) =>
        context.Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(progress => RunAsync(repository, issues, progress.AddTask("Issues", maxValue: issues.Count), cancellationToken));

    private async Task<ApiResponse<BacktestResponse>?> RunAsync(
        string repository, IReadOnlyList<IssueHistory> issues, ProgressTask bar, CancellationToken cancellationToken)
    {
        List<IssueHistory> left = [.. issues];
        while (left.Count > 0)
        {
            if (_rows.Sum(r => r.Dollars) + _problems.Sum(p => p.Dollars) >= maxDollars)
            {
                IsOverBudget = true;
                return null;
            }

            IssueHistory[] batch = [.. left.Take(BacktestRequest.MaxIssues)];
            BacktestRequest request = new() { Repository = repository, Issues = batch };
            ApiResponse<BacktestResponse> response =
                await context.Api.PostAsync<BacktestRequest, BacktestResponse>("backtest", request, cancellationToken);
            if (response.Value is not { } decided)
            {
                return response;
            }

            _rows.AddRange(decided.Rows);
            _problems.AddRange(decided.Problems);
            HashSet<int> done = [.. decided.Rows.Select(r => r.Number), .. decided.Problems.Select(p => p.Number)];
            left.RemoveAll(issue => done.Contains(issue.Number));
            bar.Value = issues.Count - left.Count;
            if (decided.RetryAt is { } retryAt)
            {
                bar.Description = string.Create(
                    CultureInfo.InvariantCulture, $"Issues (waiting for the model's rate limit until {retryAt:HH:mm:ss} UTC)");
                TimeSpan wait = retryAt - TimeProvider.System.GetUtcNow();
                await Task.Delay(wait > MinPause ? wait : MinPause, TimeProvider.System, cancellationToken);
                bar.Description = "Issues";
            }
            else if (done.Count == 0)
            {
                // The application ran out of time before it decided any issue: send the same batch again.
                await Task.Delay(MinPause, TimeProvider.System, cancellationToken);
            }
        }

        return null;
    }
}
