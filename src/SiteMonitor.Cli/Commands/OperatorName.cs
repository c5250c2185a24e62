using System.CommandLine;

namespace SiteMonitor.Cli.Commands;

/// <summary>Finds the operator's name for the audit log.</summary>
internal static class OperatorName
{
    public const string Variable = "SITEMONITOR_OPERATOR";

    public static Option<string?> CreateOption() => new("--operator")
    {
        Description = $"Your name, for the audit log. Default: {Variable}, else your user name on this machine.",
    };

    /// <summary>Returns the option's value, else that of the variable, else the user name on this machine.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Find(CommandContext context, Option<string?> option) =>
        context.Arguments.GetValue(option)
        ?? context.Terminal.Environment(Variable)
        ?? (context.Terminal.UserName is { Length: > 0 } name ? name : null)
        ?? throw new UsageException($"--operator is required: pass your name, or set {Variable}.");
}
