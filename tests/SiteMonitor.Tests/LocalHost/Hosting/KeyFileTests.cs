using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class KeyFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    [Fact]
    public void Keys_are_made_once_and_found_again()
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
    public void Only_the_user_can_read_the_keys()
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
    public void A_spoilt_key_file_is_refused_with_what_to_do(string content)
    {
        DataDirectory data = DataDirectory.Open(Data);
        File.WriteAllText(data.PathOf(KeyFile.FileName), content);

        StartupException e = Assert.Throws<StartupException>(() => KeyFile.ReadOrCreate(data));

        Assert.Contains("Delete it; the next start makes new ones.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_directory_that_cannot_be_written_is_refused_by_name()
    {
        string file = _directory.Write("in-the-way", "");

        StartupException e = Assert.Throws<StartupException>(() => DataDirectory.Open(file));

        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.Contains("--data", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
