using System.CommandLine;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Defines <c>rollout plan …</c>: validates a plan, shows the built-in one, writes a phase's flags.</summary>
internal static class RolloutPlanCommand
{
    public static Command Create(CommandBuilder builder)
    {
        Command plan = new("plan", "Validate a rollout plan, or start your own.");
        plan.Add(CreateValidate(builder));
        plan.Add(builder.Build(new Command("show", "Show the built-in plan as JSON, as a start for your own."), (context, _) =>
        {
            context.Terminal.Out.WriteRaw(PlanParseResult.DefaultText());
            return Task.FromResult(ExitCode.Ok);
        }));
        plan.Add(CreateFlags(builder));
        return plan;
    }

    private static Command CreateValidate(CommandBuilder builder)
    {
        Argument<FileInfo> file = new("file") { Description = "The plan (JSON)." };
        Command command = new("validate", "Report errors in a plan, with their positions.");
        command.Arguments.Add(file);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            PlanParseResult plan = await ReadAsync(context.Arguments.GetRequiredValue(file), cancellationToken);
            foreach (string problem in plan.Problems)
            {
                context.Terminal.Error.WriteRawLine(problem);
            }

            if (plan.Problems.Count > 0)
            {
                context.Terminal.Error.WriteNextStep("fix these errors; editors can use docs/rollout-plan.schema.json.");
                return ExitCode.Failed;
            }

            context.Terminal.Out.WriteRawLine($"The plan is valid: {string.Join(" → ", plan.Plan!.Phases.Select(p => p.Name))}.");
            context.Terminal.Out.WriteNextStep("set Rollout:Plan to the file and restart the application.");
            return ExitCode.Ok;
        });
    }

    private static Command CreateFlags(CommandBuilder builder)
    {
        Argument<string> phase = new("phase") { Description = "A phase of the plan, for example development." };
        Option<FileInfo?> file = new("--plan") { Description = "Your own plan. Default: the built-in one." };
        Command command = new("flags", "Write a phase's flags in the format of FeatureFlags:File.");
        command.Arguments.Add(phase);
        command.Options.Add(file);
        return builder.Build(command, async (context, cancellationToken) =>
        {
            RolloutPlan plan = context.Arguments.GetValue(file) is { } ownFile
                ? await ReadValidAsync(ownFile, cancellationToken)
                : PlanParseResult.Default;
            string name = context.Arguments.GetRequiredValue(phase);
            PhasePlan found = plan.Find(name)
                ?? throw new UsageException(
                    $"The plan has no phase '{name}'; it has {string.Join(", ", plan.Phases.Select(p => p.Name))}.");
            context.Terminal.Out.WriteRaw(PhaseFlagFile.Text(found));
            return ExitCode.Ok;
        });
    }

    private static async Task<RolloutPlan> ReadValidAsync(FileInfo file, CancellationToken cancellationToken) =>
        await ReadAsync(file, cancellationToken) is { Plan: { } plan, Problems.Count: 0 }
            ? plan
            : throw new UsageException($"{file.Name} is not a valid plan; 'rollout plan validate' shows the errors.");

    private static async Task<PlanParseResult> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return PlanParseResult.Parse(await File.ReadAllTextAsync(file.FullName, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file.FullName} cannot be read: {e.Message}");
        }
    }
}
