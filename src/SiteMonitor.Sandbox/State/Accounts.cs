using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Sandbox.State;

/// <summary>All accounts of the simulated GitHub; a user is created when first named.</summary>
internal sealed class Accounts
{
    public const string Bot = "sitemonitor-bot";
    public const string Operator = "octo-operator";
    public const string App = "sitemonitor[bot]";
    public const string Monitor = "watchtower-monitor[bot]";
    public const string Owner = "octo-org";

    /// <summary>Stands for authors whose account is deleted: REST shows this login, GraphQL no author.</summary>
    public const string Ghost = "ghost";

    private readonly ConcurrentDictionary<string, Account> _byLogin = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Account> _byNodeId = new(StringComparer.Ordinal);

    public Accounts()
    {
        Copilot = new Account(Account.CopilotAssignee, 198982749, AccountKind.Bot);
        Add(Copilot);
        Add(new Account(Owner, 9919, AccountKind.Organization));
        foreach (string login in (string[])[Bot, Operator, App, Monitor, "mona-lisa"])
        {
            Named(login);
        }
    }

    public Account Copilot { get; }

    public Account Named(string login) => _byLogin.TryGetValue(login, out Account? known) ? known : Add(Create(login));

    /// <summary>Returns who GraphQL shows: nobody for a deleted account.</summary>
    public Account? NamedUnlessGhost(string login) => login == Ghost ? null : Named(login);

    public Account? FindByNodeId(string nodeId) => _byNodeId.GetValueOrDefault(nodeId);

    /// <summary>Returns the account if it may be assigned: a known user or Copilot, never the organization or another bot.</summary>
    public Account? FindAssignable(string login) =>
        _byLogin.TryGetValue(login, out Account? known) && (known.Kind == AccountKind.User || known.IsCopilot) ? known : null;

    public IEnumerable<Account> People =>
        _byLogin.Values.Where(a => a.Kind == AccountKind.User).OrderBy(a => a.Login, StringComparer.Ordinal);

    private Account Add(Account account)
    {
        Account kept = _byLogin.GetOrAdd(account.Login, account);
        _byNodeId.TryAdd(kept.NodeId, kept);
        return kept;
    }

    private static Account Create(string login) => new(
        login,
        1_000_000 + (
            BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(login.ToLowerInvariant()))) % 90_000_000),
        login.EndsWith("[bot]", StringComparison.Ordinal) ? AccountKind.Bot : AccountKind.User);
}
