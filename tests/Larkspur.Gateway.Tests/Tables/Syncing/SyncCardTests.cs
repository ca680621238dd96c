using Larkspur.Emulator.State.Tables;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Tables.Syncing;

/// <summary>A person decides on a card: only whom it was sent to, and only about what it shows.</summary>
public sealed class SyncCardTests
{
    [Fact]
    public async Task Whom_the_card_was_sent_to_decides_and_nobody_else()
    {
        await using var orders = await SyncedOrders.StartAsync(rows: 2);
        await orders.BeginAsync();
        await ConflictAsync(orders, "已批准", "已付款");
        var (card, buttons) = await orders.CardAsync();

        var foreign = await orders.Emulator.TryControlAsync(HttpMethod.Post, "act",
            new { @as = "bob", @do = "click", message_id = card, value = buttons["source"] });
        Assert.NotEqual("success", foreign.Answer["toast"]?["type"]?.GetValue<string>());
        Assert.Equal("已付款", orders.Value("E-001", "status"));
        await orders.RecordAsync("E-001", fields => fields[SeededTables.Status]!.GetValue<string>() == "已批准");

        await orders.Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, value = buttons["table"] });
        await orders.RowAsync("E-001", "status", "已批准");
        Assert.Empty(await orders.ButtonsAsync(card));
    }

    [Fact]
    public async Task A_card_decides_about_the_values_that_it_shows_and_no_others()
    {
        await using var orders = await SyncedOrders.StartAsync(rows: 2);
        await orders.BeginAsync();
        await ConflictAsync(orders, "已批准", "已付款");
        var (old, shown) = await orders.CardAsync();

        // The source's value becomes another one while the card lies there.
        orders.Sql("UPDATE orders SET status = NULL WHERE order_no = 'E-001'");
        var (newer, now) = await orders.CardAsync(old);
        var late = await orders.Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = old, value = shown["source"] });
        Assert.NotEqual("success", late["toast"]?["type"]?.GetValue<string>());
        Assert.Null(orders.Value("E-001", "status"));
        await orders.RecordAsync("E-001", fields => fields[SeededTables.Status]!.GetValue<string>() == "已批准");

        await orders.Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = newer, value = now["source"] });
        await orders.RecordAsync("E-001", fields => fields[SeededTables.Status] is null);
    }

    private static async Task ConflictAsync(SyncedOrders orders, string table, string source)
    {
        await orders.PauseAsync();
        var record = (await orders.RecordsAsync()).Single(found => found.Key == "E-001").Id;
        await orders.ActAsync(new { @as = "bob", @do = "set_cell", record_id = record, field = SeededTables.Status, value = table });
        orders.Sql($"UPDATE orders SET status = '{source}' WHERE order_no = 'E-001'");
        await orders.ResumeAsync();
    }
}
