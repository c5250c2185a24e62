using System.CommandLine;
using SiteMonitor.Cli.Output;

namespace SiteMonitor.Cli.Commands;

/// <summary>Writes a command's result to a file or to standard output.</summary>
internal static class OutputFile
{
    private const string Markdown = "md";

    /// <summary>Creates the option <c>--format</c> of a report, without a default.</summary>
    public static Option<string?> CreateFormatOption()
    {
        Option<string?> format = new("--format") { Description = "md, html or json. Default: md, laid out for reading on a terminal." };
        format.AcceptOnlyFromAmong(Markdown, "html", "json");
        return format;
    }

    /// <summary>Writes a report: laid out on a terminal unless a format is asked for, else as <c>write</c> returns it.</summary>
    /// <param name="format">Null: Markdown, laid out where a person reads it.</param>
    /// <param name="file">Null: standard output.</param>
    /// <param name="write">Returns the report in a format.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static Task WriteReportAsync(
        CommandContext context, string? format, string? file, Func<string, string> write, CancellationToken cancellationToken)
    {
        if (format is not null || file is not null || !context.Terminal.IsTerminal)
        {
            return WriteAsync(context, write(format ?? Markdown), file, cancellationToken);
        }

        MarkdownText.Write(context.Terminal.Out, write(Markdown));
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
