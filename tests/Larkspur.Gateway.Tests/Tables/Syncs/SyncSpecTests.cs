using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Tables.Syncs;

/// <summary>What is wrong with a sync is said before anything is kept, where it is wrong and with what may be meant.</summary>
public sealed class SyncSpecTests : IAsyncLifetime
{
    private SyncFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await SyncFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task A_bad_spec_is_refused_where_it_is_wrong()
    {
        (string Change, int Status, string Word, string Pointer)[] cases =
        [
            ("""{"tabel":{}}""", 400, "unknown_field", "/tabel"),
            ("""{"table":{"base":"ledger","tble":"x"}}""", 400, "missing", "/table/table"),
            ("""{"table":{"base":"leger","table":"订单 Orders"}}""", 422, "unknown_base", "/table/base"),
            ("""{"table":{"base":"ledger","table":"没有 None"}}""", 422, "side_refused", "/table"),
            ("""{"source":{"connection":"erq","table":"orders"}}""", 422, "unknown_connection", "/source/connection"),
            ("""{"source":{"connection":"erp","table":"order"}}""", 422, "side_refused", "/source"),
            ("""{"key":[]}""", 400, "empty", "/key"),
            ("""{"key":["no","no"]}""", 422, "bad_value", "/key/1"),
            ("""{"key":["secret"]}""", 422, "key_not_mapped", "/key"),
            ("""{"conflict":"newst"}""", 422, "bad_value", "/conflict"),
            ("""{"direction":"left"}""", 422, "bad_value", "/direction"),
            ("""{"fields":[{"field":"订单号 Order no","column":"no","as":"txt"}]}""", 422, "bad_value", "/fields/0/as"),
            ("""{"fields":[{"field":"订单号 Order no","column":"no"},{"field":"供应商 Suplier","column":"supplier"}]}""", 422, "no_field",
                "/fields/1/field"),
            ("""{"fields":[{"field":"订单号 Order no","column":"no"},{"field":"供应商 Supplier","column":"suplier"}]}""", 422, "no_column",
                "/fields/1/column"),
            ("""{"fields":[{"field":"订单号 Order no","column":"no"},{"field":"金额 Amount","column":"invoiced"}]}""", 422, "types_differ",
                "/fields/1/column"),
            ("""{"fields":[{"field":"订单号 Order no","column":"no"},{"field":"供应商 Supplier","column":"no"}]}""", 422, "mapped_twice",
                "/fields"),
            ("""{"deletes":{"in_table":"mark"}}""", 422, "bad_value", "/deletes/in_table"),
            ("""{"deletes":{"in_source":"mark"}}""", 400, "missing", "/deletes/mark_column"),
            ("""{"deletes":{"in_source":"mark","mark_column":"gone"}}""", 422, "no_column", "/deletes/mark_column"),
            ("""{"deletes":{"after_seconds":-1}}""", 422, "bad_duration", "/deletes/after_seconds"),
            ("""{"changed_column":"changd"}""", 422, "no_column", "/changed_column"),
            ("""{"system":" erp"}""", 422, "bad_name", "/system"),
        ];
        foreach (var (change, status, word, pointer) in cases)
        {
            var put = await _on.Gateway.RestAsync(HttpMethod.Put, SyncFixture.Path, Changed(change));
            Assert.True((put.Status, put.Error, put.Pointer) == (status, word, pointer), $"{change}: {put}");
        }

        Assert.Empty((await _on.Gateway.GetRestAsync("/syncs")).Items);
        var named = await _on.Gateway.RestAsync(HttpMethod.Put, "/syncs/Orders", SyncFixture.Spec());
        Assert.Equal((400, "bad_name", "/{name}"), (named.Status, named.Error, named.Pointer));
    }

    [Fact]
    public async Task A_mistyped_name_is_answered_with_the_one_that_is_meant()
    {
        var put = await _on.Gateway.RestAsync(HttpMethod.Put, SyncFixture.Path,
            Changed("""{"fields":[{"field":"订单号 Order no","column":"no"},{"field":"供应商 Suplier","column":"supplier"}]}"""));
        Assert.Contains($"Did you mean \"{SeededTables.Supplier}\"?", put.Text("message"), StringComparison.Ordinal);
        Assert.Contains("您是不是想输入", put.Text("message_zh"), StringComparison.Ordinal);
        var base_ = await _on.Gateway.RestAsync(HttpMethod.Put, SyncFixture.Path, Changed("""{"table":{"base":"leger","table":"x"}}"""));
        Assert.Contains("Did you mean \"ledger\"?", base_.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_tells_mapping_losses_problems_and_differences_and_keeps_nothing()
    {
        await _on.ErpAsync("INSERT INTO orders (no, supplier, amount) VALUES ('PO-1', 'One', 1.5)");
        var plan = SyncFixture.Done(await _on.Gateway.PostRestAsync(SyncFixture.Path + "/plan", SyncFixture.Spec()));
        Assert.False(plan.Body.GetProperty("exists").GetBoolean());
        Assert.Equal((10, 1), (plan.Body.GetProperty("table_rows").GetInt64(), plan.Body.GetProperty("source_rows").GetInt64()));
        var mapping = plan.Body.GetProperty("mapping").EnumerateArray().ToDictionary(m => m.GetProperty("column").GetString()!);
        Assert.Equal(("text", true), (mapping["no"].GetProperty("kind").GetString(), mapping["no"].GetProperty("key").GetBoolean()));
        Assert.Contains("unknown_boolean", mapping["invoiced"].GetProperty("losses").EnumerateArray()
            .Select(l => l.GetProperty("loss").GetString()));
        Assert.Equal("One", mapping["supplier"].GetProperty("source_examples")[0].GetString());
        Assert.Contains("secret", plan.Body.GetProperty("unmapped_columns").EnumerateArray().Select(c => c.GetString()));
        Assert.All(plan.Body.GetProperty("differences").EnumerateArray(), d => Assert.Equal("add", d.GetProperty("action").GetString()));
        Assert.Equal(404, (await _on.Gateway.GetRestAsync(SyncFixture.Path)).Status);
        Assert.Equal("0", await _on.ErpValueAsync("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"));

        var broken = SyncFixture.Done(await _on.Gateway.RestAsync(HttpMethod.Post, SyncFixture.Path + "/plan",
            Changed("""{"fields":[{"field":"订单号 Order no","column":"no"},{"field":"没有 None","column":"supplier"}]}""")));
        var problem = Assert.Single(broken.Body.GetProperty("problems").EnumerateArray());
        Assert.Equal(("/fields/1/field", "no_field"), (problem.GetProperty("pointer").GetString(),
            problem.GetProperty("reason").GetString()));

        await _on.SurveyedAsync(SyncFixture.Spec());
        var same = SyncFixture.Done(await _on.Gateway.PostRestAsync(SyncFixture.Path + "/plan", SyncFixture.Spec()));
        Assert.Empty(same.Body.GetProperty("differences").EnumerateArray());
        var other = SyncFixture.Done(await _on.Gateway.PostRestAsync(SyncFixture.Path + "/plan", SyncFixture.Spec("source")));
        Assert.Contains(other.Body.GetProperty("differences").EnumerateArray(), d => (d.GetProperty("action").GetString(),
            d.GetProperty("what").GetString(), d.GetProperty("before").GetString(), d.GetProperty("after").GetString())
            == ("change", "conflict", "ask", "source"));
    }

    [Fact]
    public async Task The_same_spec_again_interrupts_nothing()
    {
        await _on.LiveAsync(SyncFixture.Spec());
        var before = (await _on.Gateway.GetRestAsync(SyncFixture.Path)).Text("changed_at");
        var put = await _on.Gateway.RestAsync(HttpMethod.Put, SyncFixture.Path, SyncFixture.Spec());
        Assert.Equal((200, before), (put.Status, put.Text("changed_at")));
    }

    private static string Changed(string change)
    {
        var spec = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(SyncFixture.Spec()))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) spec[name] = value?.DeepClone();
        return spec.ToJsonString();
    }
}
