using System.CommandLine;
using SiteMonitor.Cli.Api;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Cli.Commands;

/// <summary><c>doctor</c>: what the application needs, looked at from inside it.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Option<bool> fix = new("--fix") { Description = "Create labels that are missing." };
        Command command = new("doctor", "Check settings, credentials, GitHub, model, flags, storage, webhook, labels and clock, and say what to do.");
        command.Options.Add(fix);
        return builder.Build(command, (context, cancellationToken) => RunAsync(context, context.Arguments.GetValue(fix), cancellationToken));
    }

    private static async Task<int> RunAsync(CommandContext context, bool fix, CancellationToken cancellationToken)
    {
        ApiResponse<DoctorReport> answer = await context.Api.PostAsync(
            "doctor", new DoctorRequest { Fix = fix }, ContractJson.Default.Of<DoctorRequest>(), ContractJson.Default.Of<DoctorReport>(), cancellationToken);
        if (answer.Value is not { } report)
        {
            return context.ShowProblem(answer);
        }

        if (context.Json)
        {
            RawJson.Write(context.Terminal.Out, answer.Body);
        }
        else
        {
            DoctorText.Write(context.Terminal.Out, report);
        }

        return report.IsHealthy ? ExitCode.Ok : ExitCode.Failed;
    }
}
