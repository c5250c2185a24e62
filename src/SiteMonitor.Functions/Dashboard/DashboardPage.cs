using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Functions.Dashboard;

/// <summary>The dashboard as one page of embedded files. Its content security policy allows style and script by their hashes only.</summary>
internal static class DashboardPage
{
    private static readonly string Style = Read("dashboard.css");
    private static readonly string Script = Read("dashboard.js");

    public static string Html { get; } = Read("dashboard.html")
        .Replace("{{style}}", Style, StringComparison.Ordinal)
        .Replace("{{script}}", Script, StringComparison.Ordinal);

    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; connect-src 'self'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>Reads a file with the line ends that a browser sees, whatever the checkout made of them: they are hashed.</summary>
    private static string Read(string file)
    {
        using Stream stream = typeof(DashboardPage).Assembly.GetManifestResourceStream($"SiteMonitor.Functions.Dashboard.{file}")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
