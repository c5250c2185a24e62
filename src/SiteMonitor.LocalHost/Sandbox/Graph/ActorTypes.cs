using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

/// <summary>People, bots and the organization.</summary>
internal static class ActorTypes
{
    public static void Map(ResolverMap map)
    {
        foreach (AccountKind kind in Enum.GetValues<AccountKind>())
        {
            ResolverMap.TypeFields<Account> type = map.Type<Account>(kind.ToString(), a => a.Kind == kind)
                .Field("id", a => a.NodeId)
                .Field("databaseId", a => (int)a.Id)
                .Field("login", a => a.GraphLogin)
                .Field("resourcePath", a => $"/{a.GraphLogin}")
                .Field("url", a => $"https://github.com/{a.GraphLogin}");
            if (kind != AccountKind.Bot)
            {
                type.Field("name", a => a.GraphLogin);
            }
        }
    }
}
