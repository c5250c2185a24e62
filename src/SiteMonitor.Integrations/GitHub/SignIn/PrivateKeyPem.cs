using System.Security.Cryptography;

namespace SiteMonitor.Integrations.GitHub.SignIn;

/// <summary>Parses the App's private key from settings, where line ends are often written as <c>\n</c>.</summary>
internal static class PrivateKeyPem
{
    /// <exception cref="ArgumentException">No PEM, or not an RSA private key.</exception>
    /// <exception cref="CryptographicException">The key is damaged.</exception>
    public static RSA Import(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem.Replace("\\r", string.Empty, StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal));
            // A public key imports too; only a private one can sign.
            rsa.ExportParameters(includePrivateParameters: true);
            return rsa;
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }
}
