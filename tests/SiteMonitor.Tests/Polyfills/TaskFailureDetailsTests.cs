using System.Reflection;
using Microsoft.DurableTask;

namespace SiteMonitor.Tests.Polyfills;

/// <summary>Holds for the polyfill and for the real package alike.</summary>
public sealed class TaskFailureDetailsTests
{
    [Fact]
    public void Exceptions_Are_Kept_By_Full_Type_Name_With_Their_Inner_Ones()
    {
        TaskFailureDetails failure = TaskFailureDetails.FromException(new InvalidOperationException("outer", new TimeoutException("inner\nline")));

        Assert.Equal("System.InvalidOperationException: outer", failure.ToString());
        Assert.Equal(("System.TimeoutException", "inner\nline"), (failure.InnerFailure!.ErrorType, failure.InnerFailure.ErrorMessage));
    }

    [Fact]
    public void IsCausedBy_Knows_Derived_Types_And_Ignores_Inner_Failures()
    {
        TaskFailureDetails failure = TaskFailureDetails.FromException(new ArgumentNullException("name", new TimeoutException()));

        Assert.True(failure.IsCausedBy<ArgumentException>());
        Assert.True(failure.IsCausedBy<Exception>());
        Assert.False(failure.IsCausedBy<TimeoutException>());
    }

    [Fact]
    public void IsCausedBy_Finds_An_Exception_Of_Ours_By_Its_Name_Alone() =>
        Assert.True(TaskFailureDetails.FromException(new OurException()).IsCausedBy<Exception>());

    [Fact]
    public void IsCausedBy_Says_No_To_A_Type_That_Is_Not_Loaded() =>
        Assert.False(new TaskFailureDetails("No.Such.Exception", "?", null, null, null).IsCausedBy<Exception>());

    [Fact]
    public void IsCausedBy_Throws_When_Several_Assemblies_Have_The_Type()
    {
        const string name = "Two.Assemblies.TheSameException";
        object[] loaded = [Emit("First", name), Emit("Second", name)];

        Assert.Throws<AmbiguousMatchException>(() => new TaskFailureDetails(name, "?", null, null, null).IsCausedBy<Exception>());
        GC.KeepAlive(loaded);
    }

    [Fact]
    public void A_Failed_Task_Says_Which_And_Why() => Assert.Equal(
        "Task 'Flaky' (#6) failed with an unhandled exception: try 4",
        new TaskFailedException("Flaky", 6, new TaskFailureDetails("X", "try 4", null, null, null)).Message);

    private static Type Emit(string assembly, string type) =>
        System.Reflection.Emit.AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(assembly), System.Reflection.Emit.AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule(assembly).DefineType(type, TypeAttributes.Public, typeof(Exception)).CreateType();

    private sealed class OurException : Exception;
}
