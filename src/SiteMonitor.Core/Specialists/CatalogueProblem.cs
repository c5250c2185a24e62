namespace SiteMonitor.Core.Specialists;

/// <summary>One thing that is wrong with a catalogue file.</summary>
/// <param name="File">The file as named in the settings.</param>
/// <param name="Entry">Where in it: <c>specialists[1].rules[0].weight</c>, or <c>line 12</c> for a syntax error.</param>
/// <param name="Reason">What is wrong and what is allowed.</param>
public sealed record CatalogueProblem(string File, string Entry, string Reason)
{
    public override string ToString() => $"{File}: {Entry}: {Reason}";
}
