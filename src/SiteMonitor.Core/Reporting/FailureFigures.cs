namespace SiteMonitor.Core.Reporting;

/// <summary>Failed and critical runs with the same code, of both logics and of neither.</summary>
/// <param name="Code">Stable code of the failure; <c>none</c> where the record has none.</param>
/// <param name="Issue">One of the issues, the newest.</param>
public sealed record FailureFigures(string Code, int Runs, int Issues, string Issue);
