using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Tests.Tables.Syncing;

/// <summary>A SQLite file and a table of the platform, kept equal in both directions.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SyncedOrdersTests
{
    [Fact]
    public async Task Orders_go_to_an_empty_table_and_changes_go_both_ways()
    {
        await using var orders = await SyncedOrders.StartAsync(rows: 12);
        await orders.BeginAsync();
        var records = await orders.RecordsAsync();
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"E-{i:D3}"), records.Select(r => r.Key).Order(StringComparer.Ordinal));
        Assert.Equal(20.5, records.Single(r => r.Key == "E-002").Fields[SeededTables.Amount]!.GetValue<double>());

        // Bob changes a status in the table: the database has it.
        await orders.ActAsync(new { @as = "bob", @do = "set_cell", record_id = records.Single(r => r.Key == "E-002").Id,
            field = SeededTables.Status, value = "已批准" });
        await orders.RowAsync("E-002", "status", "已批准");

        // The ERP changes an amount, makes an order and deletes one.
        orders.Sql("UPDATE orders SET amount = 99.25 WHERE order_no = 'E-003'");
        orders.Sql("INSERT INTO orders VALUES ('E-100', 'Mingde Print', 7, '已付款', 1)");
        orders.Sql("DELETE FROM orders WHERE order_no = 'E-004'");
        await orders.RecordAsync("E-003", fields => fields[SeededTables.Amount]!.GetValue<double>() == 99.25);
        await orders.RecordAsync("E-100", fields => fields[SeededTables.Invoiced]!.GetValue<bool>());

        // A person makes an order in the table.
        await orders.ActAsync(new { @as = "carol", @do = "add_row", fields = new Dictionary<string, object>
        {
            [SeededTables.OrderNo] = "T-1", [SeededTables.Amount] = 3.5, [SeededTables.Status] = "待审批",
        } });
        await orders.RowAsync("T-1", "amount", "3.5");
    }

    [Fact]
    public async Task Two_filled_sides_meet_and_the_winner_s_values_stay()
    {
        await using var orders = await SyncedOrders.StartAsync(rows: 3, emptyTable: false);
        orders.Sql("INSERT INTO orders VALUES ('PO-2026-001', 'from the ERP', 1, '已付款', 0)");
        await orders.BeginAsync(SideName.Source);
        var records = await orders.RecordsAsync();
        Assert.Equal(13, records.Count);
        Assert.Equal(1, records.Single(r => r.Key == "PO-2026-001").Fields[SeededTables.Amount]!.GetValue<double>());
        await orders.RowAsync("PO-2026-010", "status", "已批准");
    }

    [Fact]
    public async Task Many_new_orders_at_once_are_looked_for_in_as_many_searches_as_it_takes()
    {
        await using var orders = await SyncedOrders.StartAsync(rows: 2);
        await orders.BeginAsync();
        orders.Sql("""
            INSERT INTO orders WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
            SELECT printf('订单-%060d', i), 'Deep Blue', i, '待审批', 0 FROM n
            """);
        await orders.CountAsync(122);
    }

    [Fact]
    public async Task A_field_that_is_deleted_empties_no_column()
    {
        await using var orders = await SyncedOrders.StartAsync(rows: 3);
        await orders.BeginAsync();
        await orders.DeleteFieldAsync(SeededTables.Supplier);
        orders.Sql("UPDATE orders SET amount = 77 WHERE order_no = 'E-001'");
        await orders.RecordAsync("E-001", fields => fields[SeededTables.Amount]!.GetValue<double>() == 77);
        Assert.Equal("Deep Blue", orders.Value("E-002", "supplier"));
        Assert.Equal("Deep Blue", orders.Value("E-001", "supplier"));
    }
}
