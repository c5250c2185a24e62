using System.CommandLine;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Cli.Commands;

/// <summary>Defines <c>doctor</c>: checks the application's configuration and surroundings from inside it.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Option<bool> fix = new("--fix") { Description = "Create missing labels." };
        Command command = new(
            "doctor", "Check settings, credentials, GitHub, model, flags, storage, webhook, labels and clock, and say what to do.");
        command.Options.Add(fix);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            DoctorRequest request = new() { Fix = context.Arguments.GetValue(fix) };
            return context.Show(
                await context.Api.PostAsync<DoctorRequest, DoctorReport>("doctor", request, cancellationToken),
                DoctorText.Write,
                static report => report.IsHealthy ? ExitCode.Ok : ExitCode.Failed);
        });
    }
}
