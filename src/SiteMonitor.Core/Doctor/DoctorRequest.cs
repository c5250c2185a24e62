namespace SiteMonitor.Core.Doctor;

/// <summary>Body of <c>POST doctor</c>.</summary>
public sealed record DoctorRequest
{
    /// <summary>Whether to mend what can be mended without harm: create labels that are missing.</summary>
    public bool Fix { get; init; }
}
