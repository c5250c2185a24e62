using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using DurableTask.Sqlite.Storage;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class StorageTests
{
    [Fact]
    public async Task A_Second_Host_On_The_Same_Database_Is_Refused_And_The_First_Goes_On()
    {
        await using TestHub hub = await Engine().StartAsync();
        await using TestHub second = Engine();
        second.Configure = o => o.DatabasePath = hub.DatabasePath;

        DatabaseInUseException refused = await Assert.ThrowsAsync<DatabaseInUseException>(second.StartAsync);

        Assert.Contains($"in use by another host (process {Environment.ProcessId})", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Completed, (await hub.RunAsync("Add", 1)).RuntimeStatus);
    }

    [Fact]
    public async Task A_Database_Locked_By_Another_Program_Pauses_The_Engine_Until_It_Lets_Go()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("WaitThenAdd", 1, "a");
        await hub.IdleAsync();
        using (SqliteDatabase other = SqliteDatabase.Open(hub.DatabasePath))
        {
            other.Execute("BEGIN IMMEDIATE");
            Task raised = hub.RaiseAsync("a", "Go");
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => raised);
            Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
            Assert.False(hub.Hub.Problem is null);
            Assert.Contains("Another program holds the durable database", hub.Hub.Problem, StringComparison.Ordinal);
            other.Execute("ROLLBACK");
        }

        Assert.Equal("2", (await hub.EndAsync("a")).SerializedOutput);
        Assert.True(hub.Hub.Problem is null);
    }

    [Fact]
    public async Task A_Full_Disk_Pauses_The_Engine_With_A_Clear_Message_Until_There_Is_Room()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("WaitThenAdd", 1, "a");
        await hub.IdleAsync();
        hub.Hub.Options.MaxDatabaseBytes = 1_000_000;

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (int n = 0; n < 100; n++)
            {
                await hub.BeginAsync("WaitThenAdd", new string('x', 100_000));
            }
        });
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Contains("disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Contains("The disk with the durable database is full", hub.Hub.Problem, StringComparison.Ordinal);
        RpcException paused = await Assert.ThrowsAsync<RpcException>(() => hub.RaiseAsync("a", "Go"));
        Assert.Equal(StatusCode.Unavailable, paused.StatusCode);
        Assert.Equal(Running, (await hub.GetAsync("a")).RuntimeStatus);

        hub.Hub.Options.MaxDatabaseBytes = null;
        await hub.IdleAsync();
        await hub.RaiseAsync("a", "Go");

        Assert.Equal("2", (await hub.EndAsync("a")).SerializedOutput);
        Assert.True(hub.Hub.Problem is null);
    }

    [Fact]
    public async Task Whoever_Asks_While_The_Disk_Fills_Up_Is_Answered_And_What_Was_Refused_Is_Done_Later()
    {
        await using TestHub hub = await Engine().StartAsync();
        hub.Hub.Options.MaxDatabaseBytes = 2_000_000;
        string input = new('x', 100_000);

        Task<string>[] starts =
            [.. Enumerable.Range(0, 100).Select(n =>
                Task.Run(() => hub.BeginAsync("WaitThenAdd", input, $"i{n}"), TestContext.Current.CancellationToken))];
        await Task.WhenAny(Task.WhenAll(starts),
            Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.All(starts, s => Assert.True(s.IsCompleted, "A caller was left waiting."));
        Assert.All(starts.Where(s => s.IsFaulted), s =>
            Assert.Equal(StatusCode.Unavailable, Assert.IsType<RpcException>(s.Exception!.InnerException).StatusCode));
        Assert.Contains(starts, s => s.IsFaulted);

        hub.Hub.Options.MaxDatabaseBytes = null;
        await hub.IdleAsync();
        string[] known = [.. (await hub.ListAsync(new OrchestrationQuery())).Select(i => i.InstanceId)];
        Assert.Subset(known.ToHashSet(), starts.Where(s => s.IsCompletedSuccessfully).Select(s => s.Result).ToHashSet());
    }

    [Fact]
    public async Task A_Truncated_Log_Loses_No_More_Than_Its_Last_Steps_And_Everything_Goes_On()
    {
        await using TestHub hub = await Engine().StartAsync();
        for (int n = 0; n < 20; n++)
        {
            await hub.BeginAsync("WaitThenAdd", n, $"i{n:00}");
        }

        await hub.IdleAsync();
        byte[] database = await ReadAsync(hub.DatabasePath);
        byte[] log = await ReadAsync(hub.DatabasePath + "-wal");
        await using TestHub survivor = Engine();
        await File.WriteAllBytesAsync(survivor.DatabasePath, database, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(survivor.DatabasePath + "-wal", log[..(log.Length / 2 + 100)], TestContext.Current.CancellationToken);

        await survivor.StartAsync();

        List<OrchestrationMetadata> found = await survivor.ListAsync(new OrchestrationQuery());
        Assert.InRange(found.Count, 1, 19);
        foreach (OrchestrationMetadata instance in found)
        {
            await survivor.RaiseAsync(instance.InstanceId, "Go");
            Assert.Equal(Completed, (await survivor.EndAsync(instance.InstanceId)).RuntimeStatus);
        }
    }

    [Fact]
    public async Task A_Database_Of_A_Newer_Schema_Is_Refused()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.StopAsync();
        using (SqliteDatabase database = SqliteDatabase.Open(hub.DatabasePath))
        {
            database.Execute("INSERT INTO schema_version VALUES (99)");
        }

        SchemaException refused = await Assert.ThrowsAsync<SchemaException>(hub.StartAsync);
        Assert.Contains("has schema version 99; this program knows up to version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Database_Of_Another_Program_Is_Refused()
    {
        await using TestHub hub = Engine();
        using (SqliteDatabase database = SqliteDatabase.Open(hub.DatabasePath))
        {
            database.Execute("CREATE TABLE theirs(x)");
        }

        Assert.Contains("written by another program", (await Assert.ThrowsAsync<SchemaException>(hub.StartAsync)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_File_That_Is_No_Database_Is_Refused()
    {
        await using TestHub hub = Engine();
        await File.WriteAllTextAsync(hub.DatabasePath, new string('x', 10_000), TestContext.Current.CancellationToken);
        StorageException refused = await Assert.ThrowsAsync<StorageException>(hub.StartAsync);
        Assert.Contains("not a database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Damaged_History_Is_Refused_By_Name_And_The_Database_Let_Go_Again()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("WaitThenAdd", 1, "a");
        await hub.IdleAsync();
        await hub.StopAsync();
        using (SqliteDatabase database = SqliteDatabase.Open(hub.DatabasePath))
        {
            database.Execute("UPDATE history SET events = x'03FFFF'");
        }

        for (int attempt = 0; attempt < 2; attempt++)
        {
            StorageException refused = await Assert.ThrowsAsync<StorageException>(hub.StartAsync);
            Assert.Contains("history of instance 'a' is damaged", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_Start_That_Fails_On_The_Way_Does_Not_Keep_Its_Id()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "An open file cannot be moved there.");
        await using TestHub hub = await Engine().StartAsync();
        StartOrchestrationOptions once = new StartOrchestrationOptions("a").WithDedupeStatuses(Completed);
        string away = hub.DatabasePath + ".away";
        File.Move(hub.DatabasePath, away);
        await Assert.ThrowsAsync<RpcException>(() => hub.BeginAsync("Add", 1, once));
        File.Move(away, hub.DatabasePath);

        await hub.BeginAsync("Add", 1, once);

        Assert.Equal("2", (await hub.EndAsync("a")).SerializedOutput);
    }

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using MemoryStream copy = new();
        await file.CopyToAsync(copy, TestContext.Current.CancellationToken);
        return copy.ToArray();
    }

    private static TestHub Engine() => new TestHub()
        .Activity<int, int>("Increment", n => n + 1)
        .Orchestrator("Add", context => context.CallActivityAsync<int>("Increment", context.GetInput<int>()))
        .Orchestrator("WaitThenAdd", async context =>
        {
            await context.WaitForExternalEvent<string>("Go");
            return await context.CallActivityAsync<int>("Increment", context.GetInput<int>());
        });
}
