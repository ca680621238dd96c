using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Gateway.Tests;

/// <summary>What is old is forgotten when a test says so.</summary>
internal static class Forgetting
{
    /// <summary>A round of the job, by the gateway's own clock.</summary>
    public static Task<string?> ForgetAsync(this GatewayApp gateway) =>
        gateway.Services.GetRequiredService<Retention>().RunAsync(TestContext.Current.CancellationToken);

    /// <summary>A round as it will be after a time, of these kinds alone.</summary>
    public static Task<string?> ForgetAsync(this GatewayApp gateway, TimeSpan after, params string[] kinds)
    {
        var clock = new ShiftingClock();
        clock.Shift(after);
        return gateway.RetentionOf(clock, kinds).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The job, of these kinds alone.</summary>
    public static Retention RetentionOf(this GatewayApp gateway, TimeProvider clock, string[] kinds, IDatabase? database = null)
    {
        var rules = gateway.Services.GetServices<RetentionRule>().Where(rule => kinds.Contains(rule.Name)).ToArray();
        Assert.Equal(kinds.Length, rules.Length);
        return new(database ?? gateway.Services.GetRequiredService<IDatabase>(), rules,
            gateway.Services.GetRequiredService<RetentionOptions>(), clock, NullLogger<Retention>.Instance);
    }

    /// <summary>One transaction of a store.</summary>
    public static Task<int> PruneAsync(this IDatabase database, Func<OldBatch, ValueTask<int>> method, DateTimeOffset before, int atMost = 100) =>
        database.TransactAsync(
            unit => method(new(unit, database.Dialect, before.ToUnixTimeMilliseconds(), atMost)), TestContext.Current.CancellationToken);
}
