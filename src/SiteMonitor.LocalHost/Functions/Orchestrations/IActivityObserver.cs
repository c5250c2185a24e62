namespace SiteMonitor.LocalHost.Functions.Orchestrations;

/// <summary>Is told of each activity as it begins; must be quick and must not throw.</summary>
internal interface IActivityObserver
{
    void Starting(string instanceId, string activity);
}
