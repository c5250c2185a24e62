namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>What the server was found to lack; learnt from its refusals and kept while the process lives.</summary>
internal sealed class ServerFeatures
{
    public const string AssignedActorsField = "assignedActors";

    /// <summary>Whether <c>Issue.assignedActors</c> exists: newer than GitHub's published schema, absent from older GitHub Enterprise Servers.</summary>
    public bool AssignedActors { get; set; } = true;
}
