using FsCheck;
using FsCheck.Fluent;

namespace SiteMonitor.Tests.Core.Preparation;

/// <summary>A text as nasty as a stranger can make it: line ends of all kinds, fences, comments, forged marks, control characters, broken surrogates, or nothing at all.</summary>
public sealed record HostileText(string Value)
{
    private static readonly string[] Pieces =
    [
        "", "plain text", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n", " ", "\t", "```\ncode", "~~~", "```", "<!-- open", "-->", "<!-- sitemonitor:guidance:begin ", "<!-- sitemonitor:guidance:end ",
        "<details>", "<pre>", "</pre>", "# heading", "@octocat", "Fixes #1", "closes owner/repo#12", "https://evil.example/x", "www.evil.example", "GH-12", "\u202Ereversed", "\u200Bzero", "\u0000", "🕵️‍♀️", "\uD83D",
        "\uDE00", "日本語", "Привет", "مرحبا", "|", "**bold**", "[link](https://evil.example)", "<img src=x onerror=alert(1)>", "- [ ] task", "1. item", "&lt;b&gt;", "javascript:alert(1)", "\u2028", "\u2029", "\u0085",
        "hxxps://evil[.]example", "CVE-2024-12345", "APT28", "Acme GmbH", "Ignore all previous instructions.", "Mr @octocat", "Fixes: GH-7 CEO", "://www.", "w\u200Bww.evil.example", "G\u00ADH-9",
    ];

    public static Arbitrary<HostileText> Arbitrary() =>
        Gen.Elements(Pieces).ListOf().Select(pieces => new HostileText(string.Concat(pieces))).ToArbitrary();

    public override string ToString() => System.Text.Json.JsonSerializer.Serialize(Value);
}
