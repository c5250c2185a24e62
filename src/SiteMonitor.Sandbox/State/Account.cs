using System.Globalization;

namespace SiteMonitor.Sandbox.State;

/// <summary>An account of the simulated GitHub. REST and webhooks show a bot as <c>name[bot]</c>, GraphQL as <c>name</c>.</summary>
internal sealed record Account(string Login, long Id, AccountKind Kind)
{
    /// <summary>Login with which the Copilot coding agent is assigned.</summary>
    public const string CopilotAssignee = "copilot-swe-agent[bot]";

    private const string BotSuffix = "[bot]";

    public bool IsCopilot => Login == CopilotAssignee;

    public string RestLogin => IsCopilot ? "Copilot" : Login;

    public string GraphLogin =>
        Kind == AccountKind.Bot && Login.EndsWith(BotSuffix, StringComparison.Ordinal) ? Login[..^BotSuffix.Length] : Login;

    public string NodeId =>
        IsCopilot
            ? "BOT_kgDOC9w8XQ"
            : State.NodeId.Of(Kind == AccountKind.Bot ? "BOT_kgDO" : "U_kgDO", Id.ToString(CultureInfo.InvariantCulture));

    public bool Is(string login) =>
        Login.Equals(login, StringComparison.OrdinalIgnoreCase) || RestLogin.Equals(login, StringComparison.OrdinalIgnoreCase);
}

internal enum AccountKind
{
    User,
    Organization,
    Bot,
}
