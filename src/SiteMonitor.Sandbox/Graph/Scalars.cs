using GraphQL.Types;
using SiteMonitor.Sandbox.Actions;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>GitHub's <c>DateTime</c>: UTC, whole seconds.</summary>
internal sealed class DateTimeScalar : StringGraphType
{
    public DateTimeScalar() => Name = "DateTime";

    public override object? Serialize(object? value) => value is DateTimeOffset time ? GitHubJson.Time(time) : base.Serialize(value);
}
