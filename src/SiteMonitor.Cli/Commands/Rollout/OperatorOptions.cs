using System.CommandLine;
using SiteMonitor.Core.Rollout.Control;

namespace SiteMonitor.Cli.Commands.Rollout;

/// <summary>Options of commands that change the rollout.</summary>
internal sealed class OperatorOptions
{
    public const string OperatorVariable = "SITEMONITOR_OPERATOR";

    private readonly Option<string?> _operator = new("--operator") { Description = $"Who asks, for the audit log. Default: {OperatorVariable}, else the user of this machine." };
    private readonly Option<string> _reason = new("--reason") { Description = "Why; recorded and announced.", DefaultValueFactory = _ => string.Empty };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would happen and change nothing." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask for confirmation." };

    public void AddTo(Command command)
    {
        command.Options.Add(_operator);
        command.Options.Add(_reason);
        command.Options.Add(_dryRun);
        command.Options.Add(_yes);
    }

    public bool IsDryRun(CommandContext context) => context.Arguments.GetValue(_dryRun);

    public bool IsConfirmed(CommandContext context) => context.Arguments.GetValue(_yes);

    public OperatorRequest CreateRequest(CommandContext context) => new() { Operator = FindOperator(context), Reason = context.Arguments.GetRequiredValue(_reason) };

    private string FindOperator(CommandContext context) =>
        context.Arguments.GetValue(_operator)
        ?? context.Terminal.Environment(OperatorVariable)
        ?? context.Terminal.Environment("USER")
        ?? context.Terminal.Environment("USERNAME")
        ?? throw new UsageException($"Who asks? Give --operator, or set {OperatorVariable}.");
}
