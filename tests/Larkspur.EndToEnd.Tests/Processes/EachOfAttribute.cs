using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>One case for each value of an enumeration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachOfAttribute<T> : DataAttribute where T : struct, Enum
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([.. Enum.GetValues<T>().Select(value => new TheoryDataRow<T>(value))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
