using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>Approval codes that the console offers.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class KnownApprovalCodeTests
{
    [Fact]
    public async Task Those_whose_events_come_are_first_and_no_more_are_read_than_asked_for()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:9");
        var (store, database) = (gateway.Services.GetRequiredService<ApprovalCodeStore>(), gateway.Services.GetRequiredService<IDatabase>());
        await database.TransactAsync(async unit =>
        {
            await store.SubscribedAsync(unit, "default", "A", new SubscriptionRow(SubscriptionRow.Removed, null, 0, null, null));
            await store.SubscribedAsync(unit, "other", "B", new SubscriptionRow(SubscriptionRow.Active, null, 0, null, null));
            await store.SubscribedAsync(unit, "default", "C", new SubscriptionRow(SubscriptionRow.Refused, "no scope", 3, DateTimeOffset.UtcNow, null));
        }, TestContext.Current.CancellationToken);
        var known = await database.ReadAsync(sql => store.KnownAsync(sql, 2), TestContext.Current.CancellationToken);
        Assert.Equal([("other", "B", SubscriptionRow.Active), ("default", "A", SubscriptionRow.Removed)], known.Select(k => (k.App, k.Code, k.Subscription.State)));
    }
}
