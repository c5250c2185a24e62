using System.CommandLine;
using System.Text.Json;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Plan;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>
/// Defines <c>backtest</c>, which compares what the unified pipeline and the legacy logic would have done with past issues with what people
/// did.
/// </summary>
internal sealed class BacktestCommand
{
    private readonly Option<string?> _file = new("--file") { Description = "An export of issues. Default: the built-in set of findings." };

    private readonly Option<string?> _repository = new("--repo")
    {
        Description = "Read the issues of this repository (owner/name) instead of an export.",
    };

    private readonly Option<int> _days = new("--days")
    {
        Description = "With --repo: issues opened in the last days, this many.",
        DefaultValueFactory = _ => 180,
    };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "Maximum number of issues; the newest are taken.",
        DefaultValueFactory = _ => 500,
    };

    private readonly Option<decimal> _maxDollars = new("--max-dollars")
    {
        Description = "Stop when the model has cost this many US dollars. Its answers are cached: run again to continue.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string?> _format = ReportOutput.CreateFormatOption();

    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write to this file instead of standard output." };

    private readonly Option<string?> _save = new("--save") { Description = "Save the result to this file, for a later --against." };

    private readonly Option<string?> _against = new("--against")
    {
        Description = "Compare with a saved result: exit 1 when agreement, hand-overs or cost are worse by more than the limits.",
    };

    private readonly Option<FileInfo?> _plan = new("--plan") { Description = "Rollout plan to simulate. Default: the built-in plan." };

    public static Command Create(CommandBuilder builder)
    {
        BacktestCommand instance = new();
        Command command = new(
            "backtest",
            "Compare the unified pipeline and the legacy logic on past issues with what people did. Writes nothing to GitHub.");
        command.Options.Add(instance._file);
        command.Options.Add(instance._repository);
        command.Options.Add(instance._days);
        command.Options.Add(instance._limit);
        command.Options.Add(instance._maxDollars);
        command.Options.Add(instance._format);
        command.Options.Add(instance._output);
        command.Options.Add(instance._save);
        command.Options.Add(instance._against);
        command.Options.Add(instance._plan);
        return builder.Build(command, instance.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        BacktestBaseline? before = context.Arguments.GetValue(_against) is { } against ? ReadBaseline(against) : null;
        RolloutPlan plan = context.Arguments.GetValue(_plan) is { } file
            ? await ReadPlanAsync(file, cancellationToken)
            : PlanParseResult.Default;
        BacktestSource source = CreateSource(context);
        if (await source.ReadAsync(cancellationToken) is { } unread)
        {
            return context.ShowProblem(unread);
        }

        if (before is not null && !before.Repository.Equals(source.Repository, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--against: the result is of {before.Repository}, and these issues are of {source.Repository}.");
        }

        BacktestBatches batches = new(context, context.Arguments.GetValue(_maxDollars));
        if (await batches.RunAsync(source.Repository, source.Issues, cancellationToken) is { } problem)
        {
            return context.ShowProblem(problem);
        }

        BacktestReport report = new(source.Repository, [.. batches.Rows], [.. batches.Problems]) { Plan = plan };
        if (!source.IsBuiltIn && report.JudgedCount < BacktestReport.EnoughOwnIssues && !batches.IsOverBudget)
        {
            BacktestSource builtIn = new(context, int.MaxValue);
            await builtIn.ReadAsync(cancellationToken);
            if (await batches.RunAsync(builtIn.Repository, builtIn.Issues, cancellationToken) is { } failed)
            {
                return context.ShowProblem(failed);
            }

            report = report with { BuiltIn = [.. batches.Rows.Skip(report.Rows.Count)], Problems = [.. batches.Problems] };
        }

        string? format = context.Json ? "json" : context.Arguments.GetValue(_format);
        string? output = context.Arguments.GetValue(_output);
        await ReportOutput.WriteReportAsync(context, format, output, f => Format(report, f), cancellationToken);
        if (context.Arguments.GetValue(_save) is { } save && !batches.IsOverBudget)
        {
            BacktestBaseline baseline = new() { Repository = report.Repository, At = TimeProvider.System.GetUtcNow(), Rows = report.Rows };
            string json = JsonSerializer.Serialize(baseline, BacktestJson.Default.BacktestBaseline);
            await ReportOutput.WriteAsync(context, json + "\n", save, cancellationToken);
        }

        return Conclude(context, report, before, batches.IsOverBudget);
    }

    private BacktestSource CreateSource(CommandContext context)
    {
        string? file = context.Arguments.GetValue(_file);
        string? repository = context.Arguments.GetValue(_repository);
        int limit = context.Arguments.GetValue(_limit);
        int days = context.Arguments.GetValue(_days);
        return (file, repository) switch
        {
            _ when limit < 1 => throw new UsageException("--limit: must be 1 or more."),
            _ when days is < 1 or > 36_500 => throw new UsageException("--days: must be 1 to 36500."),
            ({ }, { }) => throw new UsageException("--file reads an export and --repo reads the repository: use one of them."),
            (null, { } name) => RepositoryRef.TryParse(name, out RepositoryRef? parsed)
                ? new BacktestSource(context, limit) { GitHubRepository = parsed, Days = days }
                : throw new UsageException($"--repo: '{name}' is not a repository; use owner/name."),
            _ => new BacktestSource(context, limit) { File = file },
        };
    }

    private static int Conclude(CommandContext context, BacktestReport report, BacktestBaseline? before, bool isOverBudget)
    {
        IAnsiConsole console = context.Terminal.Error;
        console.WriteRawLine($"Gate of development: {report.DescribeGate()}.");
        if (isOverBudget)
        {
            console.WriteStyledLine($"[yellow]Stopped at --max-dollars:[/] the remaining issues were not decided.");
            return ExitCode.Failed;
        }

        if (before is null)
        {
            console.WriteNextStep(report.MeetsGate
                ? "rollout confirm backtest --reason \"the figure, and of which issues\""
                : "look at the issues that were assigned to other specialists than people chose, and at the thresholds.");
            return ExitCode.Ok;
        }

        BaselineComparison comparison = BaselineComparison.Create(before.Rows, report.Rows);
        if (comparison.After.Agreement.Of == 0)
        {
            console.WriteStyledLine($"[red]Nothing to compare:[/] both results have no issue in common whose answer is known.");
            return ExitCode.Failed;
        }

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

    private static async Task<RolloutPlan> ReadPlanAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            PlanParseResult parsed = PlanParseResult.Parse(await File.ReadAllTextAsync(file.FullName, cancellationToken));
            return parsed is { Plan: { } plan, Problems.Count: 0 }
                ? plan
                : throw new UsageException($"--plan: {file.Name} is not a valid plan; 'rollout plan validate' shows the errors.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--plan: {file.FullName} cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }

    private static BacktestBaseline ReadBaseline(string file)
    {
        try
        {
            BacktestBaseline? baseline = JsonSerializer.Deserialize(File.ReadAllText(file), BacktestJson.Default.BacktestBaseline);
            return baseline is { Version: BacktestBaseline.CurrentVersion }
                && baseline.Rows.DistinctBy(r => r.Number).Count() == baseline.Rows.Count
                ? baseline
                : throw new UsageException($"--against: {file} is not a result of this version.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"--against: {file} cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }
}
