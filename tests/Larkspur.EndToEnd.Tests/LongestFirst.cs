using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Larkspur.EndToEnd.Tests.LongestFirst))]

namespace Larkspur.EndToEnd.Tests;

/// <summary>
/// Classes that take minutes begin first. A class runs one test at a time, so one that began last would run alone at the end, beside an idle
/// core.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [".ChaosTests", ".KilledBusinessTests", ".TwoProcess", ".NotificationsCommandTests", ".Processes."];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Rank)];

    private static int Rank<TTestCollection>(TTestCollection collection) where TTestCollection : ITestCollection =>
        Array.FindIndex(Long, part => collection.TestCollectionDisplayName.Contains(part, StringComparison.Ordinal)) is var at and >= 0
            ? at : Long.Length;
}
