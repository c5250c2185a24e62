using System.CommandLine;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary><c>rollout plan …</c>: check a plan, show the built-in one, write a phase's flags as a file. Needs no application.</summary>
internal static class RolloutPlanCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command plan = new("plan", "Check a plan of your own, or start one.");
        plan.Add(Validate(builder));
        plan.Add(builder.Build(new Command("show", "The built-in plan, as JSON to start one's own from."), (context, _) =>
        {
            context.Terminal.Out.Profile.Out.Writer.Write(PlanFile.DefaultText());
            return Task.FromResult(ExitCode.Ok);
        }));
        plan.Add(Flags(builder));
        return plan;
    }

    private static Command Validate(CommandBuilder builder)
    {
        Argument<FileInfo> file = new("file") { Description = "The plan (JSON)." };
        Command command = new("validate", "Say what is wrong with a plan, and where.");
        command.Arguments.Add(file);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            PlanFile read = await ReadAsync(context.Arguments.GetRequiredValue(file), cancellationToken);
            foreach (string problem in read.Problems)
            {
                context.Terminal.Error.Profile.Out.Writer.WriteLine(problem);
            }

            if (read.Problems.Count > 0)
            {
                NextStep.Write(context.Terminal.Error, "mend these; docs/rollout-plan.schema.json helps an editor to.");
                return ExitCode.Failed;
            }

            context.Terminal.Out.Profile.Out.Writer.WriteLine($"The plan is valid: {string.Join(" → ", read.Plan!.Phases.Select(p => p.Name))}.");
            NextStep.Write(context.Terminal.Out, "set Rollout:Plan to it and restart the application.");
            return ExitCode.Ok;
        });
    }

    private static Command Flags(CommandBuilder builder)
    {
        Argument<string> phase = new("phase") { Description = "A phase of the plan, for example development." };
        Option<FileInfo?> file = new("--plan") { Description = "A plan of your own; without it, the built-in one." };
        Command command = new("flags", "A phase's flags as a file that FeatureFlags:File takes.");
        command.Arguments.Add(phase);
        command.Options.Add(file);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            RolloutPlan plan = context.Arguments.GetValue(file) is { } own
                ? await ReadAsync(own, cancellationToken) is { Plan: { } read, Problems.Count: 0 } ? read : throw new UsageException($"{own.Name} is not a valid plan: rollout plan validate says why.")
                : PlanFile.Default;
            string name = context.Arguments.GetRequiredValue(phase);
            PhasePlan found = plan.Find(name) ?? throw new UsageException($"The plan has no phase '{name}': choose among {string.Join(", ", plan.Phases.Select(p => p.Name))}.");
            context.Terminal.Out.Profile.Out.Writer.Write(PhaseFlagFile.Text(found));
            return ExitCode.Ok;
        });
    }

    private static async Task<PlanFile> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return PlanFile.Parse(await File.ReadAllTextAsync(file.FullName, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file.FullName} cannot be read: {e.Message}");
        }
    }
}
