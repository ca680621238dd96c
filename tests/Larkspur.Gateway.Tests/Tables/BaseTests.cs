using Larkspur.Emulator.State.Documents;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Tables;

/// <summary>An administrator opens bases to business systems; nobody reaches one that is not open to them.</summary>
public sealed class BaseTests : IAsyncLifetime
{
    private const string Path = "/tables/bases/ledger";
    private static readonly string[] Usual = ["tables:read", "tables:write"];

    private TableFixture _on = null!;

    private GatewayApp Gateway => _on.Gateway;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _on = await TableFixture.StartAsync(open: false);

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Theory]
    [InlineData(SeededTables.Ledger)]
    [InlineData("https://acme.feishu.cn/base/" + SeededTables.Ledger)]
    [InlineData(" https://acme.feishu.cn/base/" + SeededTables.Ledger + "?table=tblx&view=vewy ")]
    public async Task A_base_is_opened_by_its_token_or_its_address_and_closed_again(string given)
    {
        var put = await PutAsync(new { token = given, system = "erp" });
        Assert.Equal((201, "ledger", "采购台账 Purchase ledger", "default", "erp"),
            (put.Status, put.Text("name"), put.Text("title"), put.Text("app"), put.Text("system")));
        Assert.Equal(SeededTables.Ledger, put.Text("token"));
        Assert.Equal(200, (await PutAsync(new { system = "canteen" })).Status);
        Assert.Equal("canteen", (await Gateway.GetRestAsync(Path)).Text("system"));
        Assert.Equal("ledger", Assert.Single((await Gateway.GetRestAsync("/tables/bases")).Items).GetProperty("name").GetString());
        Assert.Equal(204, (await Gateway.RestAsync(HttpMethod.Delete, Path)).Status);
        Assert.Equal((404, "not_found"), ((await Gateway.GetRestAsync(Path)).Status, (await Gateway.GetRestAsync(Path)).Error));
        Assert.Equal(404, (await Gateway.RestAsync(HttpMethod.Delete, Path)).Status);
        Assert.Equal(["base.closed", "base.changed", "base.opened"], (await Gateway.GetRestAsync("/audit")).Items
            .Select(line => line.GetProperty("what").GetString()).Where(action => action!.StartsWith("base.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_page_of_the_wiki_leads_to_its_base()
    {
        _on.Emulator.State.Put(new WikiNode("WikiPageOfTheLedger01", SeededDocuments.FinanceSpace, SeededTables.Ledger));
        Assert.Equal(SeededTables.Ledger,
            (await PutAsync(new { token = "https://acme.feishu.cn/wiki/WikiPageOfTheLedger01" })).Text("token"));
        var handbook = await PutAsync(new { token = "https://acme.feishu.cn/wiki/" + SeededDocuments.HandbookNode });
        Assert.Equal((422, "unknown_base", "/token"), (handbook.Status, handbook.Error, handbook.Pointer));
        var nowhere = await PutAsync(new { token = "https://acme.feishu.cn/wiki/NoSuchPageAnywhere01" });
        Assert.Equal((422, "unknown_base", "/token"), (nowhere.Status, nowhere.Error, nowhere.Pointer));
    }

    [Fact]
    public async Task A_base_that_is_not_shared_with_the_app_is_refused_with_what_to_do()
    {
        var put = await PutAsync(new { token = await _on.MakeUnsharedAsync() });
        Assert.Equal((403, "base_not_shared", "/token"), (put.Status, put.Error, put.Pointer));
        Assert.Contains("Add document app", put.Text("message"), StringComparison.Ordinal);
        Assert.Contains("添加文档应用", put.Text("message_zh"), StringComparison.Ordinal);
        Assert.Equal(404, (await Gateway.GetRestAsync(Path)).Status);
    }

    [Theory]
    [InlineData("ledger", """{"system":"erp"}""", 400, "missing", "/token")]
    [InlineData("ledger", """{"token":"LkPurchaseLedgerMicaBase001","tokn":"x"}""", 400, "unknown_field", "/tokn")]
    [InlineData("ledger", """{"token":"https://acme.feishu.cn/docx/LkPurchaseLedgerMicaBase001"}""", 422, "bad_url", "/token")]
    [InlineData("ledger", """{"token":"LkNoSuchBaseAnywhere0000001"}""", 404, "unknown_base", "/token")]
    [InlineData("ledger", """{"token":"LkPurchaseLedgerMicaBase001","app":"hr"}""", 404, "unknown_app", "/app")]
    [InlineData("ledger", """{"token":"LkPurchaseLedgerMicaBase001","system":" erp"}""", 422, "bad_name", "/system")]
    [InlineData("Ledger", """{"token":"LkPurchaseLedgerMicaBase001"}""", 400, "bad_name", "/{name}")]
    public async Task A_bad_base_is_refused_where_it_is_wrong(string name, string body, int status, string word, string pointer)
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/tables/bases/" + name, body);
        Assert.True((put.Status, put.Error, put.Pointer) == (status, word, pointer), put.ToString());
    }

    [Fact]
    public async Task A_key_that_writes_records_opens_no_base_and_sees_none_of_another_system()
    {
        await _on.OpenAsync("ledger", SeededTables.Ledger, "erp");
        var (erp, _) = await Gateway.MakeKeyAsync("erp", Usual);
        var (canteen, _) = await Gateway.MakeKeyAsync("canteen", Usual);
        foreach (var key in (string[])[erp, canteen])
        {
            var put = await Gateway.CallAsync(key, HttpMethod.Put, "/tables/bases/own", new { token = SeededTables.Ledger });
            Assert.Equal((403, "missing_scope", "settings:write"), (put.Status, put.Error, put.Text("scope")));
            Assert.Equal(403, (await Gateway.CallAsync(key, HttpMethod.Delete, Path)).Status);
        }

        var other = await Gateway.CallAsync(canteen, HttpMethod.Get, Path);
        var none = await Gateway.CallAsync(canteen, HttpMethod.Get, "/tables/bases/nobody");
        Assert.Equal((404, none.Body.GetRawText()), (other.Status, other.Body.GetRawText()));
        Assert.Empty((await Gateway.CallAsync(canteen, HttpMethod.Get, "/tables/bases")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal("erp", (await Gateway.CallAsync(erp, HttpMethod.Get, Path)).Text("system"));
    }

    [Fact]
    public async Task An_administrative_key_of_one_system_takes_no_name_of_another_and_opens_none_to_it()
    {
        await _on.OpenAsync("ledger", SeededTables.Ledger, "erp");
        var (canteen, _) = await Gateway.MakeKeyAsync("canteen", ["settings:write", "tables:read"]);
        var taken = await Gateway.CallAsync(canteen, HttpMethod.Put, Path, new { token = SeededTables.Ledger });
        Assert.Equal((409, "name_in_use"), (taken.Status, taken.Error));
        var given = await Gateway.CallAsync(canteen, HttpMethod.Put, "/tables/bases/own",
            new { token = SeededTables.Ledger, system = "erp" });
        Assert.Equal((403, "system_not_held", "/system"), (given.Status, given.Error, given.Text("pointer")));
        Assert.Equal("canteen", (await Gateway.CallAsync(canteen, HttpMethod.Put, "/tables/bases/own",
            new { token = SeededTables.Ledger })).Text("system"));
        Assert.Equal(404, (await Gateway.CallAsync(canteen, HttpMethod.Delete, Path)).Status);
    }

    [Fact]
    public async Task Calls_of_an_open_base_count_like_all_calls_of_its_app()
    {
        await _on.OpenAsync("ledger", SeededTables.Ledger);
        var database = Gateway.Services.GetRequiredService<IDatabase>();
        var row = await database.ReadAsync(sql => BaseStore.FindAsync(sql, "ledger"), Cancel);
        var before = await CountAsync();
        await Gateway.Services.GetRequiredService<BaseAccess>().Open(row!).GetAsync(Cancel);
        Assert.Equal(before + 1, await CountAsync());
        Assert.Null(await database.ReadAsync(sql => BaseStore.FindAsync(sql, row!.Id + 1), Cancel));
    }

    private async Task<long> CountAsync() => (await Gateway.GetRestAsync("/quota")).Body.GetProperty("apps").EnumerateArray()
        .Single(app => app.GetProperty("app").GetString() == "default").GetProperty("calls").GetInt64();

    private Task<RestAnswer> PutAsync(object body) => Gateway.RestAsync(HttpMethod.Put, Path, body);
}
