using System.CommandLine;
using SiteMonitor.Cli.Output;

namespace SiteMonitor.Cli.Commands;

/// <summary>Writes a report or another result of a command to a file or to standard output.</summary>
internal static class ReportOutput
{
    private const string Markdown = "md";

    /// <summary>Creates the option <c>--format</c> of a report, without a default.</summary>
    public static Option<string?> CreateFormatOption()
    {
        Option<string?> format = new("--format") { Description = "md, html or json. Default: formatted text on a terminal, otherwise md." };
        format.AcceptOnlyFromAmong(Markdown, "html", "json");
        return format;
    }

    /// <summary>Writes a report to a file, or to standard output.</summary>
    /// <param name="format">Null: formatted text on a terminal, otherwise Markdown.</param>
    /// <param name="file">Null: standard output.</param>
    /// <param name="render">Returns the report as <c>md</c>, <c>html</c> or <c>json</c>.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static Task WriteReportAsync(
        CommandContext context, string? format, string? file, Func<string, string> render, CancellationToken cancellationToken)
    {
        if (format is not null || file is not null || !context.Terminal.IsTerminal)
        {
            return WriteAsync(context, render(format ?? Markdown), file, cancellationToken);
        }

        MarkdownText.Write(context.Terminal.Out, render(Markdown));
        return Task.CompletedTask;
    }

    /// <param name="file">Null: standard output.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static async Task WriteAsync(CommandContext context, string text, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            context.Terminal.Out.WriteRaw(text);
            return;
        }

        try
        {
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be written ({failure.Message.TrimEnd('.')}).");
        }
    }
}
