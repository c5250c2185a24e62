using Microsoft.DurableTask.Converters;

namespace SiteMonitor.Tests.Polyfills;

/// <summary>Holds for the polyfill and for the real package alike: the JSON of histories.</summary>
public sealed class JsonDataConverterTests
{
    private enum Colour
    {
        Red,
        Blue,
    }

    [Fact]
    public void Names_Stay_As_Written_Enums_Are_Numbers_Dates_Are_Iso() => Assert.Equal(
        """{"TheName":"a","Colour":1,"When":"2026-01-02T03:04:05Z"}""",
        JsonDataConverter.Default.Serialize(new Sample("a", Colour.Blue, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc))));

    [Fact]
    public void What_Was_Written_Is_Read_Again()
    {
        Sample sample = new("a", Colour.Red, DateTime.UnixEpoch);

        Assert.Equal(sample, JsonDataConverter.Default.Deserialize<Sample>(JsonDataConverter.Default.Serialize(sample)));
    }

    [Fact]
    public void Nothing_Stays_Nothing()
    {
        Assert.Null(JsonDataConverter.Default.Serialize(null));
        Assert.Null(JsonDataConverter.Default.Deserialize<Sample>(null));
    }

    private sealed record Sample(string TheName, Colour Colour, DateTime When);
}
