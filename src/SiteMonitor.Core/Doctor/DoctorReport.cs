namespace SiteMonitor.Core.Doctor;

/// <summary>Answer of <c>GET doctor</c> and <c>POST doctor</c>: everything that was looked at, in the order of the checks.</summary>
public sealed record DoctorReport
{
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public bool IsHealthy => Findings.All(f => f.Level != FindingLevel.Failure);
}
