using System.Text.Json;
using GraphQL;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Maps the entries of an issue's timeline.</summary>
internal static class TimelineTypes
{
    public static void Map(ResolverMap map)
    {
        foreach (SimulatedEventKind kind in Enum.GetValues<SimulatedEventKind>())
        {
            ResolverMap.TypeFields<EventNode> type = map.Type<EventNode>(kind.ToString(), e => e.Event.Kind == kind)
                .Field("actor", (e, context, _) => context.State.Accounts.NamedUnlessGhost(e.Event.Actor))
                .Field("createdAt", e => e.Event.At)
                .Field("id", e => e.Event.GraphId);
            switch (kind)
            {
                case SimulatedEventKind.LabeledEvent or SimulatedEventKind.UnlabeledEvent:
                    type.Field("label", (e, context, _) => LabelNode.Of(context.State.Repository(e.Issue.Repository), e.Event.Value));
                    break;
                case SimulatedEventKind.AssignedEvent or SimulatedEventKind.UnassignedEvent:
                    type.Field("assignee", (e, context, _) => context.State.Accounts.Named(e.Event.Value));
                    break;
                default:
                    type.Field("currentTitle", e => e.Event.Value).Field("previousTitle", e => e.Event.Before);
                    break;
            }
        }
    }

    /// <summary>Returns the entries of the types that a field asks for; all without <c>itemTypes</c>.</summary>
    public static IEnumerable<EventNode> Of(SimulatedIssue issue, IResolveFieldContext field)
    {
        List<string>? types = field.GetArgument<List<string>?>("itemTypes");
        return issue.Events
            .Where(e => types is null || types.Contains(JsonNamingPolicy.SnakeCaseUpper.ConvertName(e.Kind.ToString())))
            .Select(e => new EventNode(issue, e));
    }
}

internal sealed record EventNode(SimulatedIssue Issue, SimulatedEvent Event);
