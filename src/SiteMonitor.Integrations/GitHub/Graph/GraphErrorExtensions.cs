namespace SiteMonitor.Integrations.GitHub.Graph;

/// <param name="Code"><c>undefinedField</c>, <c>argumentNotAccepted</c> … when the document does not fit the server's schema.</param>
internal sealed record GraphErrorExtensions(string? Code, string? FieldName);
