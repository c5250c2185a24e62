using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Export;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using Spectre.Console;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>export</c>: writes a repository's issues with their history to a file; writes nothing to GitHub.</summary>
internal sealed class ExportCommand
{
    private readonly Option<string?> _repository = new("--repo")
    {
        Description = "Repository as owner/name. "
            + $"Default: {ApiTargetFinder.RepositoryVariable}, else the repository of the host on this machine.",
    };

    private readonly Option<string?> _since = new("--since")
    {
        Description = "Only issues opened since then: days such as 90d, or a date such as 2026-11-02. Default: all.",
    };

    private readonly Option<string> _out = new("--out", "-o") { Description = "The file to write.", Required = true };

    private readonly Option<bool> _anonymise = new("--anonymise")
    {
        Description = "Replace people's logins by pseudonyms, and e-mail addresses in texts.",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Replace a finished file, and discard an unfinished one with other options.",
    };

    public static Command Create(CommandBuilder builder)
    {
        ExportCommand instance = new();
        instance._since.Validators.Add(static result => CheckSince(result));
        Command command = new(
            "export",
            "Export a repository's issues with their history, for a rehearsal or a backtest. An interrupted export is continued.");
        command.Options.Add(instance._repository);
        command.Options.Add(instance._since);
        command.Options.Add(instance._out);
        command.Options.Add(instance._anonymise);
        command.Options.Add(instance._force);
        return builder.Build(command, instance.RunAsync);
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string file = context.Arguments.GetRequiredValue(_out);
        string path = Path.Combine(context.Terminal.WorkingDirectory, file);
        bool force = context.Arguments.GetValue(_force);
        if (File.Exists(path) && !force)
        {
            throw new UsageException($"--out: {file} exists. Give another name, or replace it with --force.");
        }

        string since = context.Arguments.GetValue(_since) ?? string.Empty;
        DateTimeOffset now = context.Terminal.Time.GetUtcNow();
        ExportHeader header = new()
        {
            Format = ExportHeader.FormatName,
            Version = ExportHeader.CurrentVersion,
            Repository = FindRepository(context).ToString(),
            Since = ParseSince(since, now),
            ExportedAt = now,
            IsAnonymised = context.Arguments.GetValue(_anonymise),
        };
        try
        {
            await using PartialExport export = await PartialExport.OpenAsync(path, header, since, force, cancellationToken);
            return await RunAsync(context, export, file, cancellationToken);
        }
        catch (ExportException failure)
        {
            throw new UsageException($"--out: {file}.part cannot be continued ({failure.Message.TrimEnd('.')}): delete it.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out: {file} cannot be written ({failure.Message.TrimEnd('.')}).");
        }
    }

    private static async Task<int> RunAsync(
        CommandContext context, PartialExport export, string file, CancellationToken cancellationToken)
    {
        IAnsiConsole console = context.Terminal.Error;
        if (export.IsResumed)
        {
            console.WriteRawLine(Text($"Continuing {file}.part after {export.Position.Issues} of {export.Position.Total} issues."));
        }

        try
        {
            if (await ReadPagesAsync(context, export, cancellationToken) is { } refused)
            {
                return context.ShowProblem(refused);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.WriteRawLine("Interrupted.");
            return ExitCode.Interrupted;
        }
        finally
        {
            if (export.Position.Next is not null)
            {
                console.WriteRawLine(Text(
                    $"{export.Position.Issues} issues are in {file}.part. The same command continues there, also on another day."));
            }
        }

        await export.FinishAsync();
        Show(context, export, file);
        return ExitCode.Ok;
    }

    /// <returns>The problem that ended it; null when the last page is written.</returns>
    private static async Task<ApiResponse<HistoryPage>?> ReadPagesAsync(
        CommandContext context, PartialExport export, CancellationToken cancellationToken)
    {
        IAnsiConsole console = context.Terminal.Error;
        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask bar = progress.AddTask("Issues");
                HistoryPages pages = new(context.Api, context.Terminal.Time, until => ShowWait(console, bar, until));
                while (!export.Position.IsComplete)
                {
                    ApiResponse<HistoryPage> response = await pages.ReadAsync(export.Header, export.Position.Next, cancellationToken);
                    if (response.Value is not { } page)
                    {
                        return response;
                    }

                    await export.AppendAsync(page, cancellationToken);
                    bar.MaxValue = Math.Max(1, page.Total);
                    bar.Value = export.Position.Issues;
                }

                return null;
            });
    }

    private static void ShowWait(IAnsiConsole console, ProgressTask bar, DateTimeOffset? until)
    {
        bar.Description = until is { } end ? Text($"Waiting for GitHub's rate limit until {end:HH:mm:ss} UTC") : "Issues";
        if (until is { } shown && !console.Profile.Capabilities.Interactive)
        {
            console.WriteRawLine(Text($"GitHub's rate limit is reached: the export continues at {shown:HH:mm:ss} UTC."));
        }
    }

    private static void Show(CommandContext context, PartialExport export, string file)
    {
        (int issues, int open) = (export.Position.Issues, export.Position.Open);
        if (context.Json)
        {
            context.Terminal.Out.WriteJson(
                new ExportSummary(file, export.Header.Repository, issues, open, issues - open, export.Header.IsAnonymised));
            return;
        }

        context.Terminal.Out.WriteStyledLine(
            $"[green]{issues} issues[/] of {export.Header.Repository} ({open} open, {issues - open} closed) are in {file}.");
        context.Terminal.Out.WriteRawLine(export.Header.IsAnonymised
            ? "Logins are pseudonyms and e-mail addresses are removed. Texts may still name people: read them before you pass the file on."
            : "It holds texts and logins as they are; --anonymise replaces logins and e-mail addresses.");
        context.Terminal.Out.WriteNextStep(
            $"rehearse on the open ones with 'dotnet dev.cs run --import {file}', or measure the decisions with " +
            $"'sitemonitor backtest --file {file}'.");
    }

    private RepositoryRef FindRepository(CommandContext context)
    {
        string name = context.Arguments.GetValue(_repository) ?? context.Api.Target.Repository
            ?? throw new UsageException($"--repo: name the repository as owner/name, or set {ApiTargetFinder.RepositoryVariable}.");
        return RepositoryRef.TryParse(name, out RepositoryRef? repository)
            ? repository
            : throw new UsageException($"--repo: '{name}' is not a repository; use owner/name.");
    }

    private static void CheckSince(OptionResult result)
    {
        if (result.Tokens is [var token] && ParseSince(token.Value, DateTimeOffset.UnixEpoch.AddYears(100)) is null)
        {
            result.AddError($"--since: '{token.Value}' is neither days, such as 90d, nor a date, such as 2026-11-02.");
        }
    }

    /// <summary>Returns the time that the option names; null if it names none.</summary>
    private static DateTimeOffset? ParseSince(string text, DateTimeOffset now)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        int days = 0;
        bool isSpan = text.EndsWith('d')
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out days)
            && days is > 0 and <= 36_500;
        return isSpan ? now.AddDays(-days)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTimeOffset date) ? date
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What <c>export --json</c> writes.</summary>
internal sealed record ExportSummary(string File, string Repository, int Issues, int Open, int Closed, bool IsAnonymised);
