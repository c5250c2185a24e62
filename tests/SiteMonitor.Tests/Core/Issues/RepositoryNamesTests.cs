using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Issues;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Core.Issues;

public sealed class RepositoryNamesTests
{
    private readonly MemoryRepositoryNameStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RepositoryNames _names;

    public RepositoryNamesTests() => _names = new RepositoryNames(_store, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Key_Is_The_Name_It_Was_First_Seen_By_Through_Every_Rename()
    {
        Assert.Equal(Name("acme/one"), await RecordAsync("R_1", "acme/one"));
        Assert.Equal(Name("acme/one"), await RecordAsync("R_1", "Acme/Two"));
        Assert.Equal(Name("acme/one"), await RecordAsync("R_1", "acme/three"));

        Assert.All(["acme/one", "ACME/two", "acme/three"], name => Assert.Equal(Name("acme/one"), _names.FindKey(Name(name))));
        Assert.Equal(Name("acme/three"), _names.FindCurrentName(Name("acme/one")));
        Assert.Equal(Name("acme/other"), _names.FindKey(Name("acme/other")));
    }

    [Fact]
    public async Task A_Repository_That_Is_Asked_For_By_An_Old_Name_Keeps_That_Name()
    {
        Assert.Equal(Name("acme/old"), await _names.RecordAsync("R_1", Name("acme/watch"), Name("acme/old"), Stop));
        Assert.Equal(Name("acme/old"), _names.FindKey(Name("acme/watch")));
    }

    [Fact]
    public async Task A_New_Repository_With_A_Name_That_Another_One_Had_Has_A_Key_Of_Its_Own()
    {
        await RecordAsync("R_1", "acme/one");
        await RecordAsync("R_1", "acme/two");

        RepositoryRef second = await RecordAsync("R_2", "acme/one");

        Assert.Equal(Name("acme/one-2.git"), second);
        Assert.Equal(second, _names.FindKey(Name("acme/one")));
        Assert.Equal(Name("acme/one"), _names.FindKey(Name("acme/two")));
        Assert.Equal((Name("acme/two"), Name("acme/one")), (_names.FindCurrentName(Name("acme/one")), _names.FindCurrentName(second)));
    }

    [Fact]
    public async Task A_Name_Taken_Back_Is_The_Present_One_Again()
    {
        await RecordAsync("R_1", "acme/one");
        await RecordAsync("R_1", "acme/two");

        await RecordAsync("R_1", "acme/one");

        Assert.Equal(Name("acme/one"), _names.FindCurrentName(Name("acme/one")));
    }

    [Fact]
    public async Task What_Another_Instance_Saved_First_Is_Kept()
    {
        RepositoryNames other = new(_store, _time);
        _store.BeforeSave = () => other.RecordAsync("R_1", Name("acme/watch"), Name("acme/watch"), Stop).GetAwaiter().GetResult();

        RepositoryRef key = await _names.RecordAsync("R_1", Name("acme/watch"), Name("acme/old"), Stop);

        Assert.Equal(Name("acme/watch"), key);
        Assert.Single((await _store.ReadAsync(Stop))!.Repositories);
    }

    [Fact]
    public async Task What_Another_Instance_Saved_Is_Seen_After_A_Minute_At_The_Latest()
    {
        RepositoryNames other = new(_store, _time);
        await _names.FindKeyAsync(Name("acme/watch"), Stop);
        await other.RecordAsync("R_1", Name("acme/watch"), Name("acme/old"), Stop);

        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(Name("acme/old"), await _names.FindKeyAsync(Name("acme/watch"), Stop));
    }

    [Fact]
    public async Task A_Repository_That_Was_Deleted_And_Created_Anew_Is_Found_By_Its_Name()
    {
        await RecordAsync("R_1", "acme/one");

        RepositoryRef second = await RecordAsync("R_2", "acme/one");

        Assert.Equal(Name("acme/one-2.git"), second);
        Assert.Equal(second, _names.FindKey(Name("acme/one")));
        Assert.False(_names.IsFormerName(Name("acme/one")));
    }

    [Fact]
    public async Task Two_Repositories_That_Swap_Their_Names_Keep_Their_Keys()
    {
        await RecordAsync("R_1", "acme/one");
        await RecordAsync("R_2", "acme/two");
        await RecordAsync("R_2", "acme/one");

        Assert.Equal(Name("acme/two"), _names.FindKey(Name("acme/one")));
        Assert.Equal(Name("acme/one"), await RecordAsync("R_1", "acme/two"));
        Assert.Equal(Name("acme/one"), _names.FindKey(Name("acme/two")));
    }

    [Theory]
    [InlineData("acme/one", true)]
    [InlineData("ACME/two", true)]
    [InlineData("acme/three", false)]
    [InlineData("acme/never-seen", false)]
    public async Task A_Name_Is_A_Former_One_Once_Its_Repository_Was_Seen_By_Another(string name, bool isFormer)
    {
        await RecordAsync("R_1", "acme/one");
        await RecordAsync("R_1", "acme/two");
        await RecordAsync("R_1", "acme/three");

        Assert.Equal(isFormer, _names.IsFormerName(Name(name)));
    }

    [Fact]
    public async Task While_The_Stored_Names_Are_Damaged_The_Known_Ones_Are_Used_And_Nothing_Is_Written_Over_Them()
    {
        await RecordAsync("R_1", "acme/one");
        await RecordAsync("R_1", "acme/two");
        _store.IsDamaged = true;
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(Name("acme/one"), await _names.FindKeyAsync(Name("acme/two"), Stop));
        Assert.Equal(Name("acme/one"), await RecordAsync("R_1", "acme/three"));
        Assert.Equal(Name("acme/new"), await RecordAsync("R_2", "acme/new"));
        Assert.True(_names.IsDamaged);

        _store.IsDamaged = false;
        await RecordAsync("R_2", "acme/new");
        Assert.False(_names.IsDamaged);
        Assert.Equal(["R_1", "R_2"], (await _store.ReadAsync(Stop))!.Repositories.Select(r => r.NodeId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[7]")]
    [InlineData("""[{"nodeId":"R_1","key":"acme/one","names":["acme/one"]}""")]
    [InlineData("""[{"nodeId":"R_1","key":"acme/one","names":[]}]""")]
    [InlineData("""[{"nodeId":"R_1","key":"acme/one","names":null}]""")]
    [InlineData("""[{"nodeId":"R_1","key":"acme/one","names":["acme/one",null]}]""")]
    [InlineData("""[{"nodeId":null,"key":"acme/one","names":["acme/one"]}]""")]
    [InlineData("""[{"nodeId":"R_1","key":"acme","names":["acme/one"]}]""")]
    [InlineData("""[{"nodeId":"R_1","names":["acme/one"]}]""")]
    public void A_Damaged_Document_Is_Recognized_As_One(string json) =>
        Assert.Throws<JsonException>(() => RepositoryNamesJson.Read(json));

    private static RepositoryRef Name(string name) => RepositoryRef.Parse(name);

    private Task<RepositoryRef> RecordAsync(string nodeId, string name) => _names.RecordAsync(nodeId, Name(name), Name(name), Stop);
}
