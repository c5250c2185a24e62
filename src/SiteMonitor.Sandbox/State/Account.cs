using System.Globalization;

namespace SiteMonitor.Sandbox.State;

/// <summary>Somebody who writes on the simulated GitHub. Bots read differently by way: REST and webhooks say <c>name[bot]</c>, GraphQL <c>name</c>.</summary>
internal sealed record Account(string Login, long Id, AccountKind Kind)
{
    /// <summary>The login that assigns the Copilot coding agent.</summary>
    public const string CopilotAssignee = "copilot-swe-agent[bot]";

    private const string BotSuffix = "[bot]";

    public bool IsCopilot => Login == CopilotAssignee;

    public string RestLogin => IsCopilot ? "Copilot" : Login;

    public string GraphLogin => Kind == AccountKind.Bot && Login.EndsWith(BotSuffix, StringComparison.Ordinal) ? Login[..^BotSuffix.Length] : Login;

    public string NodeId => IsCopilot ? "BOT_kgDOC9w8XQ" : State.NodeId.Of(Kind == AccountKind.Bot ? "BOT_kgDO" : "U_kgDO", Id.ToString(CultureInfo.InvariantCulture));

    public bool Is(string login) =>
        Login.Equals(login, StringComparison.OrdinalIgnoreCase) || RestLogin.Equals(login, StringComparison.OrdinalIgnoreCase);
}

internal enum AccountKind
{
    User,
    Organization,
    Bot,
}
