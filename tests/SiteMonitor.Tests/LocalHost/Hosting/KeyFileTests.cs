using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class KeyFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    [Fact]
    public void Keys_Are_Made_Once_And_Found_Again()
    {
        FunctionKeys first = KeyFile.ReadOrCreate(DataDirectory.Open(Data));
        FunctionKeys second = KeyFile.ReadOrCreate(DataDirectory.Open(Data));

        Assert.Equal(first.Function, second.Function);
        Assert.NotEqual(first.Function, first.Master);
        Assert.True(second.IsFunction(first.Function) && second.IsMaster(first.Master));
        Assert.False(second.IsMaster(first.Function) || second.IsFunction(first.Function + "x"));
        Assert.Equal([Path.Combine(Data, KeyFile.FileName)], Directory.GetFiles(Data));
    }

    [Fact]
    public void Only_The_User_Can_Read_The_Keys()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        KeyFile.ReadOrCreate(DataDirectory.Open(Data));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, KeyFile.FileName)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"functionKey":"","masterKey":"x"}""")]
    public void A_Spoilt_Key_File_Is_Refused_With_What_To_Do(string content)
    {
        DataDirectory data = DataDirectory.Open(Data);
        File.WriteAllText(data.PathOf(KeyFile.FileName), content);

        StartupException e = Assert.Throws<StartupException>(() => KeyFile.ReadOrCreate(data));

        Assert.Contains("Delete it; the next start makes new ones.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Data_Directory_That_Cannot_Be_Written_Is_Refused_By_Name()
    {
        string file = _directory.Write("in-the-way", "");

        StartupException e = Assert.Throws<StartupException>(() => DataDirectory.Open(file));

        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.Contains("--data", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
