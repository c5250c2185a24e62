using SiteMonitor.Cli.Output;

namespace SiteMonitor.Cli.Commands;

/// <summary>Writes a command's result to a file or to standard output.</summary>
internal static class OutputFile
{
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
