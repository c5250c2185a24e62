using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Backtest;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>backtest</c>, which shows what both sides would have done with issues whose answer people know.</summary>
internal sealed class BacktestCommand
{
    private static readonly string[] Formats = ["md", "html", "json"];

    private readonly Option<string?> _file = new("--file") { Description = "An export of issues. Default: the built-in set of findings." };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "Take the newest issues, this many at most.",
        DefaultValueFactory = _ => 500,
    };

    private readonly Option<decimal> _maxDollars = new("--max-dollars")
    {
        Description = "Stop when the model has cost this much. Started again, what it answered is free.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string> _format = new("--format") { Description = "md, html or json.", DefaultValueFactory = _ => Formats[0] };

    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write to this file instead of standard output." };

    private readonly Option<string?> _save = new("--save") { Description = "Keep the result in this file, to compare with later." };

    private readonly Option<string?> _against = new("--against")
    {
        Description = "Compare with a kept result: exit 1 when agreement, hand-overs or cost are worse than chance or limits allow.",
    };

    private BacktestCommand() => _format.AcceptOnlyFromAmong(Formats);

    public static Command Create(CommandBuilder builder)
    {
        BacktestCommand instance = new();
        Command command = new("backtest", "Let both sides decide on past issues, and compare with what people did. Writes nothing to GitHub.");
        command.Options.Add(instance._file);
        command.Options.Add(instance._limit);
        command.Options.Add(instance._maxDollars);
        command.Options.Add(instance._format);
        command.Options.Add(instance._output);
        command.Options.Add(instance._save);
        command.Options.Add(instance._against);
        return builder.Build(command, instance.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        BacktestBaseline? before = context.Arguments.GetValue(_against) is { } against ? ReadBaseline(against) : null;
        string? file = context.Arguments.GetValue(_file);
        (string repository, IReadOnlyList<IssueHistory> issues) = await ReadIssuesAsync(context, file, cancellationToken);
        BacktestBatches batches = new(context, context.Arguments.GetValue(_maxDollars));
        if (await batches.RunAsync(repository, issues, cancellationToken) is { } problem)
        {
            return context.ShowProblem(problem);
        }

        BacktestReport report = new(repository, [.. batches.Rows], [.. batches.Problems]);
        if (file is not null && report.JudgedCount < BacktestReport.EnoughOwnIssues && !batches.IsOverBudget)
        {
            (string name, IReadOnlyList<IssueHistory> builtIn) = await ReadIssuesAsync(context, file: null, cancellationToken);
            if (await batches.RunAsync(name, builtIn, cancellationToken) is { } failed)
            {
                return context.ShowProblem(failed);
            }

            report = report with { BuiltIn = [.. batches.Rows.Skip(report.Rows.Count)] };
        }

        string format = context.Json ? "json" : context.Arguments.GetRequiredValue(_format);
        await OutputFile.WriteAsync(context, Format(report, format), context.Arguments.GetValue(_output), cancellationToken);
        if (context.Arguments.GetValue(_save) is { } save)
        {
            BacktestBaseline baseline = new() { Repository = repository, At = TimeProvider.System.GetUtcNow(), Rows = report.Rows };
            string json = JsonSerializer.Serialize(baseline, BacktestJson.Default.BacktestBaseline);
            await OutputFile.WriteAsync(context, json + "\n", save, cancellationToken);
        }

        return Conclude(context, report, before, batches.IsOverBudget);
    }

    private static int Conclude(CommandContext context, BacktestReport report, BacktestBaseline? before, bool isOverBudget)
    {
        IAnsiConsole console = context.Terminal.Error;
        console.WriteRawLine($"Gate of development: {report.DescribeGate()}.");
        if (isOverBudget)
        {
            console.WriteStyledLine($"[yellow]Stopped at --max-dollars:[/] the issues that are left were not decided.");
            return ExitCode.Failed;
        }

        if (before is null)
        {
            console.WriteNextStep(report.MeetsGate
                ? "rollout confirm backtest --reason \"the figure, and of which issues\""
                : "look at the issues that were assigned to others than people chose, and at the thresholds.");
            return ExitCode.Ok;
        }

        BaselineComparison comparison = BaselineComparison.Create(before.Rows, report.Rows);
        foreach (string regression in comparison.Regressions)
        {
            console.WriteStyledLine($"[red]Worse:[/] {regression}");
        }

        if (comparison.Regressions.Count == 0)
        {
            console.WriteRawLine($"Not worse than before: agreement {comparison.Before.Agreement}, now {comparison.After.Agreement}.");
        }

        return comparison.Regressions.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static string Format(BacktestReport report, string format) => format switch
    {
        "json" => JsonSerializer.Serialize(report, BacktestJson.Default.BacktestReport) + "\n",
        "html" => BacktestHtml.Write(report),
        _ => BacktestMarkdown.Write(report),
    };

    private async Task<(string Repository, IReadOnlyList<IssueHistory> Issues)> ReadIssuesAsync(
        CommandContext context, string? file, CancellationToken cancellationToken)
    {
        int limit = context.Arguments.GetValue(_limit);
        if (limit < 1)
        {
            throw new UsageException("--limit: must be 1 or more.");
        }

        try
        {
            using TextReader reader = file is null ? EvaluationSet.Open() : new StreamReader(file);
            ExportHeader header = await ExportFile.ReadHeaderAsync(reader, cancellationToken);

            // Only the newest stay in memory.
            PriorityQueue<IssueHistory, DateTimeOffset> newest = new();
            await foreach (IssueHistory issue in ExportFile.ReadIssuesAsync(reader, cancellationToken))
            {
                newest.Enqueue(issue, issue.CreatedAt);
                if (newest.Count > limit)
                {
                    newest.Dequeue();
                }
            }

            return (header.Repository, [.. newest.UnorderedItems.Select(i => i.Element).OrderBy(i => i.Number)]);
        }
        catch (ExportException e)
        {
            throw new UsageException($"--file: {file}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--file: {file} cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }

    private static BacktestBaseline ReadBaseline(string file)
    {
        try
        {
            BacktestBaseline? baseline = JsonSerializer.Deserialize(File.ReadAllText(file), BacktestJson.Default.BacktestBaseline);
            return baseline is { Version: BacktestBaseline.CurrentVersion }
                ? baseline
                : throw new UsageException($"--against: {file} is not a result of this version.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"--against: {file} cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }
}

/// <summary>Sends issues to the application in batches, with a progress bar, until all are decided or the budget is used up.</summary>
internal sealed class BacktestBatches(CommandContext context, decimal maxDollars)
{
    private readonly List<BacktestRow> _rows = [];
    private readonly List<BacktestProblem> _problems = [];

    public IReadOnlyList<BacktestRow> Rows => _rows;

    public IReadOnlyList<BacktestProblem> Problems => _problems;

    public bool IsOverBudget { get; private set; }

    /// <returns>The problem of a request; null when there was none.</returns>
    public Task<ApiResponse<BacktestResponse>?> RunAsync(
        string repository, IReadOnlyList<IssueHistory> issues, CancellationToken cancellationToken) =>
        context.Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(progress => RunAsync(repository, issues, progress.AddTask("Issues", maxValue: issues.Count), cancellationToken));

    private async Task<ApiResponse<BacktestResponse>?> RunAsync(
        string repository, IReadOnlyList<IssueHistory> issues, ProgressTask bar, CancellationToken cancellationToken)
    {
        Queue<IssueHistory> left = new(issues);
        while (left.Count > 0)
        {
            if (_rows.Sum(r => r.Dollars) >= maxDollars)
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
            left = new Queue<IssueHistory>(left.Where(issue => !done.Contains(issue.Number)));
            bar.Value = issues.Count - left.Count;
            if (decided.RetryAt is { } retryAt)
            {
                bar.Description = string.Create(CultureInfo.InvariantCulture, $"Issues (the model's limit ends {retryAt:HH:mm:ss} UTC)");
                TimeSpan wait = retryAt - TimeProvider.System.GetUtcNow();
                await Task.Delay(wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
                bar.Description = "Issues";
            }
            else if (done.Count == 0)
            {
                // Nothing was decided within the application's time: a pause, then the same again.
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            }
        }

        return null;
    }
}
