using System.Text;
using System.Text.Json;
using Larkspur.Emulator;
using Larkspur.Emulator.State;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Tables;
using SeededTables = Larkspur.Emulator.State.Tables.SeededTables;

namespace Larkspur.Tables.Tests;

/// <summary>The SDK against the emulated platform, which was written from the facts by itself: what one of them misread shows here.</summary>
public sealed class EmulatedTablesTests : IAsyncLifetime
{
    private const string Amount = SeededTables.Amount;
    private const string OrderNo = SeededTables.OrderNo;
    private const string Status = SeededTables.Status;

    private EmulatorApp _emulator = null!;
    private FeishuClient _client = null!;
    private FeishuTable _orders = null!;

    private FeishuOptions Options => new()
    {
        AppId = EmulatorApp.AppId, AppSecret = EmulatorSettings.DefaultAppSecret, BaseUrl = _emulator.BaseUrl,
        EncryptKey = EmulatorSettings.DefaultEncryptKey, VerificationToken = EmulatorSettings.DefaultVerificationToken,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0 });
        _client = new FeishuClient(Options);
        _orders = _client.Tables(SeededTables.Ledger).Table(SeededTables.Orders);
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Every_seeded_cell_is_understood_and_the_same_by_search_and_by_id()
    {
        var all = await ReadAsync(new TableQuery());
        Assert.Equal(10, all.Count);
        var fields = await _orders.GetFieldsAsync(cancellationToken: Cancel);
        Assert.Equal(8, fields.Count);
        var byId = (await _orders.GetAsync(all.Select(r => r.Id), cancellationToken: Cancel)).Records.ToDictionary(r => r.Id);
        foreach (var record in all)
        {
            foreach (var field in fields)
            {
                Assert.IsNotType<RawCell>(record[field.Name]);
                Assert.Equal(record[field.Name], byId[record.Id][field.Name]);
            }
        }

        var first = byId[SeededTables.RecordId(1)];
        Assert.Equal(new TextCell("PO-2026-001"), first[OrderNo]);
        Assert.Equal(new NumberCell(1250.5m), first[Amount]);
        Assert.Equal("已批准", Assert.IsType<SelectCell>(first[Status]).Name);
        Assert.Single(Assert.IsType<PeopleCell>(first[SeededTables.Owner]).Ids);
        Assert.True(byId[SeededTables.RecordId(10)][SeededTables.Tags].IsEmpty);
        Assert.Equal(new CheckboxCell(false), byId[SeededTables.RecordId(10)][SeededTables.Invoiced]);
    }

    [Fact]
    public async Task Filters_sorts_and_pages_find_what_the_table_holds()
    {
        var paid = await ReadAsync(new TableQuery
        {
            Filter = Where.Field(Status).Is("已付款") & (Where.Field(Amount).IsGreater(3000) | Where.Field(OrderNo).Contains("002")),
            Sort = [new(Amount, Descending: true)], PageSize = 1,
        });
        Assert.Equal(["PO-2026-008", "PO-2026-005", "PO-2026-002"], paid.Select(r => ((TextCell)r[OrderNo]).Text));
        Assert.Equal(1, await _orders.CountAsync(Where.Field(SeededTables.Tags).IsEmpty(), Cancel));
        var day = DateOnly.FromDateTime(((DateTimeCell)paid[0][SeededTables.Date]).Instant.ToOffset(TimeSpan.FromHours(8)).DateTime);
        Assert.Equal(1, await _orders.CountAsync(Where.Field(SeededTables.Date).Is(day), Cancel));

        var scan = await _orders.ScanAsync(cancellationToken: Cancel);
        Assert.Equal((10, true, false), (scan.Records.Count, scan.IsSnapshot, scan.IsAdvanced));
    }

    [Fact]
    public async Task What_is_written_is_read_back_equal_and_one_bad_row_does_not_hold_the_others()
    {
        var rows = Enumerable.Range(0, 20).Select(n => new TableRow().Set(OrderNo, $"新-{n}").Set(Amount, n + 0.25m)
            .Set(Status, "待审批").Set(SeededTables.Date, new DateOnly(2026, 11, 30)).Set(SeededTables.Invoiced, n % 2 == 0)
            .Set(SeededTables.Tags, new[] { "IT", "办公" })).ToArray();
        // Only the platform can say that there is no such person.
        rows[13].Set(SeededTables.Owner, new PeopleCell("ou_00000000000000000000000000000000"));
        var made = await _orders.CreateAsync(rows, new() { KeyField = OrderNo }, Cancel);
        var refused = Assert.Single(made.Refused);
        Assert.Equal((13, CellRefusal.Platform), (refused.Index, refused.Problem!.Refusal));
        Assert.Equal(19, made.Count(TableRowState.Written));

        var read = (await _orders.GetAsync([made.Rows[4].RecordId!], cancellationToken: Cancel)).Records.Single();
        Assert.Equal(new NumberCell(4.25m), read[Amount]);
        Assert.Equal(new MultiSelectCell(["办公", "IT"]).Names.Order(), ((MultiSelectCell)read[SeededTables.Tags]).Names.Order());

        var changed = await _orders.UpdateAsync([new TableRow(read).Set(Amount, 5m).Set(SeededTables.Tags, null)], cancellationToken: Cancel);
        Assert.True(changed.IsComplete);
        read = (await _orders.GetAsync([read.Id], cancellationToken: Cancel)).Records.Single();
        Assert.Equal(new NumberCell(5m), read[Amount]);
        Assert.True(read[SeededTables.Tags].IsEmpty);

        Assert.True((await _orders.DeleteAsync([read.Id, read.Id], cancellationToken: Cancel)).IsComplete);
        Assert.Equal([read.Id], (await _orders.GetAsync([read.Id], cancellationToken: Cancel)).Absent);
    }

    [Fact]
    public async Task An_unknown_option_is_not_made_unless_it_may_be()
    {
        var row = new TableRow(SeededTables.RecordId(1)).Set(Status, "已付歀");
        var refused = Assert.Single((await _orders.UpdateAsync([row], cancellationToken: Cancel)).Refused);
        Assert.Equal((CellRefusal.UnknownOption, Status), (refused.Problem!.Refusal, refused.Problem.Field));

        row = new TableRow(SeededTables.RecordId(1)).Set(Status, "已退款");
        Assert.True((await _orders.UpdateAsync([row], new() { AllowNewOptions = true }, Cancel)).IsComplete);
        var read = (await _orders.GetAsync([SeededTables.RecordId(1)], cancellationToken: Cancel)).Records.Single();
        Assert.Equal("已退款", ((SelectCell)read[Status]).Name);
    }

    [Fact]
    public async Task A_row_that_may_not_be_seen_is_forbidden_and_not_gone()
    {
        await _emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/permissions",
            new { is_advanced = true, who = EmulatorApp.AppId, hidden = new[] { SeededTables.RecordId(3) } });
        Assert.Equal(9, (await ReadAsync(new TableQuery())).Count);
        var found = await _orders.GetAsync([SeededTables.RecordId(2), SeededTables.RecordId(3), "recAbsent0"], cancellationToken: Cancel);
        Assert.Equal([SeededTables.RecordId(2)], found.Records.Select(r => r.Id));
        Assert.Equal([SeededTables.RecordId(3)], found.Forbidden);
        Assert.Equal(["recAbsent0"], found.Absent);
        Assert.True((await _orders.ScanAsync(cancellationToken: Cancel)).IsAdvanced);
    }

    [Fact]
    public async Task A_locked_table_is_waited_for()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "tables/rules", new { write_lock_ms = 200 });
        for (var n = 1; n <= 3; n++)
        {
            var row = new TableRow(SeededTables.RecordId(n)).Set(Amount, n);
            Assert.True((await _orders.UpdateAsync([row], cancellationToken: Cancel)).IsComplete);
        }

        Assert.Equal(3, await _orders.CountAsync(Where.Field(Amount).IsLess(10), Cancel));
        var calls = (await _emulator.ControlAsync(HttpMethod.Get, "calls?limit=100"))["calls"]!.AsArray();
        Assert.Contains(calls, call => call!["code"]?.GetValue<int>() == 1254291);
    }

    [Fact]
    public async Task A_change_event_tells_the_value_that_a_search_finds()
    {
        var receiver = new FeishuEventReceiver(Options, TimeProvider.System);
        await using var hook = await HookServer.StartAsync((request, raw) =>
        {
            string Header(string name) => request.Headers["X-Lark-" + name].ToString();
            var headers = new FeishuDeliveryHeaders(
                Header("Request-Timestamp"), Header("Request-Nonce"), Header("Signature"), request.ContentType);
            return (receiver.Receive(headers, Encoding.UTF8.GetBytes(raw)).Delivery, 200, "{}");
        });
        await _emulator.SetCallbackAsync(hook.Url);
        var subscribe = new FeishuEndpoint
        {
            Id = "drive.v1.file.subscribe", Method = HttpMethod.Post, Path = "/open-apis/drive/v1/files/{file_token}/subscribe",
        };
        await _client.SendAsync(
            new FeishuRequest(subscribe).WithPath("file_token", SeededTables.Ledger).WithQuery("file_type", "bitable"), null, Cancel);

        var row = new TableRow(SeededTables.RecordId(1)).Set(Amount, 77.5m).Set(Status, "已付款").Set(OrderNo, "改 1")
            .Set(SeededTables.Invoiced, true).Set(SeededTables.Tags, new[] { "IT", "加急" }).Set(SeededTables.Date, new DateOnly(2026, 12, 1))
            .Set(SeededTables.Owner, new PeopleCell(WireIds.OpenId(EmulatorApp.AppId, "carol")));
        Assert.True((await _orders.UpdateAsync([row], cancellationToken: Cancel)).IsComplete);

        var delivery = await hook.NextAsync();
        while (delivery?.EventType != "drive.file.bitable_record_changed_v1") delivery = await hook.NextAsync();
        using var json = JsonDocument.Parse(delivery.Json);
        var read = (await _orders.GetAsync([row.RecordId!], cancellationToken: Cancel)).Records.Single();
        var after = json.RootElement.GetProperty("event").GetProperty("action_list")[0].GetProperty("after_value").EnumerateArray().ToList();
        Assert.Equal(row.Values.Keys.Select(SeededTables.FieldId).Order(), after.Select(v => v.GetProperty("field_id").GetString()!).Order());
        foreach (var value in after)
        {
            var field = read.Fields.ById(value.GetProperty("field_id").GetString()!)!;
            value.TryGetProperty("field_identity_value", out var identity);
            Assert.Equal(read[field.Name], EventCellReader.Read(field, value.GetProperty("field_value").GetString(), identity));
        }
    }

    private async Task<List<TableRecord>> ReadAsync(TableQuery query)
    {
        var records = new List<TableRecord>();
        await foreach (var record in _orders.SearchAsync(query, cancellationToken: Cancel)) records.Add(record);
        return records;
    }
}
