using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Hosting;
using Larkspur.Emulator.State.Tables;
using static Larkspur.Cli.Smoke.SmokeSteps;

namespace Larkspur.Cli.Smoke;

/// <summary>An ERP's orders and a table of Feishu are kept equal both ways; where both sides change one value, a person decides on a
/// card.</summary>
internal sealed class SyncJob(LocalStack stack) : IAsyncDisposable
{
    private const string Order = "ERP-1001";
    private const string Approved = "已批准";
    private const string Paid = "已付款";

    private readonly EmulatorControl _emulator = new(stack.Emulator);
    private readonly HttpClient _gateway = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = stack.Gateway, Timeout = TimeSpan.FromSeconds(20),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stack.ApiKey) },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-erp-").FullName;
    private SampleErp _erp = null!;

    public IEnumerable<(string Name, Func<CancellationToken, Task> Step)> Steps() =>
    [
        ("an ERP's orders meet a table of Feishu; the report is there before anything is written", SurveyAsync),
        ("the first copy begins: both sides have the orders of both", CopyAsync),
        ("Bob changes a status in the table: the database has it", TableAsync),
        ("the ERP changes an amount: the table has it", SourceAsync),
        ("both change one order at once: Alice decides on a card, and both sides have her choice", ConflictAsync),
    ];

    public async ValueTask DisposeAsync()
    {
        // While the file is there still: its triggers go with the sync.
        using var removed = await _gateway.DeleteAsync("/api/v1/syncs/orders");
        _emulator.Dispose();
        _gateway.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SurveyAsync(CancellationToken cancellation)
    {
        _erp = await SampleErp.OpenAsync(_folder, cancellation);
        await CallAsync(HttpMethod.Put, "tables/bases/ledger", new { token = SeededTables.Ledger }, cancellation);
        await CallAsync(HttpMethod.Put, "sync-connections/erp", new { kind = "sqlite", address = _erp.File }, cancellation);
        await CallAsync(HttpMethod.Put, "syncs/orders", SampleErp.Sync, cancellation);
        var ready = await UntilStateAsync("ready", cancellation);
        Expect((await TableAsync(Order, cancellation)) is null, $"something was written before the start: {ready.ToJsonString()}");
    }

    private async Task CopyAsync(CancellationToken cancellation)
    {
        await CallAsync(HttpMethod.Post, "syncs/orders/start", new { winner = "source" }, cancellation);
        await UntilStateAsync("live", cancellation);
        await UntilTableAsync(Order, fields => fields?[SeededTables.Amount]?.GetValue<double>() == 18600, cancellation);
        Expect(await _erp.ValueAsync("PO-2026-010", "status", cancellation) == Approved, "the ERP did not get the table's own orders");
    }

    private async Task TableAsync(CancellationToken cancellation)
    {
        await SetStatusAsync("bob", Approved, cancellation);
        await UntilErpAsync("status", Approved, cancellation);
    }

    private async Task SourceAsync(CancellationToken cancellation)
    {
        await _erp.RunAsync($"UPDATE orders SET amount = 19999.5 WHERE order_no = '{Order}'", cancellation);
        await UntilTableAsync(Order, fields => fields?[SeededTables.Amount]?.GetValue<double>() == 19999.5, cancellation);
    }

    private async Task ConflictAsync(CancellationToken cancellation)
    {
        // While it stands still nobody's change can overtake the other's.
        await CallAsync(HttpMethod.Post, "syncs/orders/pause", null, cancellation);
        await SetStatusAsync("bob", "待审批", cancellation);
        await _erp.RunAsync($"UPDATE orders SET status = '{Paid}' WHERE order_no = '{Order}'", cancellation);
        await CallAsync(HttpMethod.Post, "syncs/orders/resume", null, cancellation);
        var card = await UntilAsync(async () => await CardAsync(cancellation) ?? new JsonObject(), found => found["message_id"] is not null,
            "Alice was not asked", cancellation);
        await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = Text(card, "message_id"), value = SourceButton(card) },
            cancellation);
        await UntilTableAsync(Order, fields => fields?[SeededTables.Status]?.GetValue<string>() == Paid, cancellation);
        Expect(await _erp.ValueAsync(Order, "status", cancellation) == Paid, "the ERP lost its own value");
    }

    private static JsonNode SourceButton(JsonNode card) =>
        Buttons(card).FirstOrDefault(value => value["action"]?.GetValue<string>() == "source")
            ?? throw new SmokeFailure("the card does not ask");

    private async Task<JsonObject?> CardAsync(CancellationToken cancellation) =>
        (await _emulator.StateAsync(cancellation))["cards"]!.AsArray().Select(card => card!.AsObject())
            .FirstOrDefault(card => Buttons(card).Exists(value => value["kind"]?.GetValue<string>() == "larkspur.sync"));

    private async Task SetStatusAsync(string who, string status, CancellationToken cancellation)
    {
        var record = await TableAsync(Order, cancellation) ?? throw new SmokeFailure($"the table has no {Order}");
        await _emulator.ChangePersonAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", new
        {
            @as = who, @do = "set_cell", table = SeededTables.Orders, record_id = Text(record, "id"), field = SeededTables.Status,
                value = status,
        }, cancellation);
    }

    /// <summary>An order as the table has it; null: it does not.</summary>
    private async Task<JsonNode?> TableAsync(string order, CancellationToken cancellation)
    {
        var found = await CallAsync(HttpMethod.Get, $"tables/bases/ledger/tables/{SeededTables.Orders}/records?filter="
            + Uri.EscapeDataString($"\"{SeededTables.OrderNo}\" = \"{order}\""), null, cancellation);
        return found["items"]!.AsArray().FirstOrDefault();
    }

    private Task UntilTableAsync(string order, Func<JsonNode?, bool> fits, CancellationToken cancellation) => UntilAsync(
        async () => await TableAsync(order, cancellation) ?? new JsonObject(), record => fits(record["fields"]),
        $"the table does not have {order} as it should", cancellation);

    private Task UntilErpAsync(string column, string value, CancellationToken cancellation) => UntilAsync(
        async () => JsonValue.Create(await _erp.ValueAsync(Order, column, cancellation) ?? "")!, found => found.GetValue<string>() == value,
        $"the database does not have {value}", cancellation);

    private Task<JsonNode> UntilStateAsync(string state, CancellationToken cancellation) => UntilAsync(
        async () => await CallAsync(HttpMethod.Get, "syncs/orders", null, cancellation), sync => sync["state"]?.GetValue<string>() == state,
        $"the sync is not {state}", cancellation);

    private async Task<JsonNode> CallAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path);
        if (body is not null) request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
        using var answer = await _gateway.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        Expect(answer.IsSuccessStatusCode, $"{method} {path} answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
