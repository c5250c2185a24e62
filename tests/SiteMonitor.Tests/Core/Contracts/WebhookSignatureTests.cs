using System.Text;
using FsCheck.Xunit;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Tests.Core.Contracts;

public sealed class WebhookSignatureTests
{
    // The example of GitHub's page "Validating webhook deliveries".
    private const string Secret = "It's a Secret to Everybody";
    private const string Signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static readonly byte[] Body = "Hello, World!"u8.ToArray();

    [Fact]
    public void GitHubs_Own_Example_Is_Verified_And_Signed_Alike()
    {
        Assert.True(WebhookSignature.Verify(Secret, Body, Signature));
        Assert.Equal(Signature, WebhookSignature.Sign(Secret, Body));
    }

    [Fact]
    public void A_Body_Changed_By_One_Bit_Is_Refused()
    {
        for (int i = 0; i < Body.Length * 8; i++)
        {
            byte[] changed = [.. Body];
            changed[i / 8] ^= (byte)(1 << (i % 8));
            Assert.False(WebhookSignature.Verify(Secret, changed, Signature));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha1=757107ea0eb2509fc211221cce984b8a37570b6d")]
    [InlineData("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 ")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1700")]
    [InlineData("sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha256=857107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    public void A_Missing_Or_Wrong_Header_Is_Refused(string? header) => Assert.False(WebhookSignature.Verify(Secret, Body, header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void An_Empty_Secret_Verifies_Nothing(string? secret)
    {
        string signedWithNothing = "sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Array.Empty<byte>(), Body));
        Assert.False(WebhookSignature.Verify(secret, Body, signedWithNothing));
    }

    [Property]
    public bool What_Was_Signed_Is_Verified_With_That_Secret_Only(string? secret, byte[]? body) =>
        string.IsNullOrEmpty(secret)
        || (WebhookSignature.Verify(secret, body, WebhookSignature.Sign(secret, body))
            && !WebhookSignature.Verify(secret + "x", body, WebhookSignature.Sign(secret, body)));

    [Fact]
    public void Signing_Takes_The_Raw_Bytes_Whatever_They_Are()
    {
        byte[] bytes = [0xff, 0x00, .. Encoding.UTF8.GetBytes("ü\r\n")];
        Assert.True(WebhookSignature.Verify(Secret, bytes, WebhookSignature.Sign(Secret, bytes)));
    }
}
