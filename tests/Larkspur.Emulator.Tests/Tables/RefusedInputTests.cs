using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Input at the edge of what JSON can say is refused with a code of the platform, and leaves everything readable.</summary>
public sealed class RefusedInputTests : TableTest
{
    [Theory]
    [InlineData("""{"type":"system_number","value":"1000000000"}""")]
    [InlineData("""{"type":"system_number","value":"-1"}""")]
    [InlineData("""{"type":"system_number","value":"0"}""")]
    [InlineData("""{"type":"system_number","value":""}""")]
    [InlineData("""{"type":"created_time","value":"%"}""")]
    [InlineData("""{"type":"created_time","value":"yy"}""")]
    [InlineData("null")]
    public async Task A_number_by_a_rule_that_cannot_be_is_refused(string part)
    {
        Task<(int, long)> MakeAsync(params string[] parts) => CodeAsync(HttpMethod.Post, Orders + "/fields", Serial(parts));
        Assert.Equal((200, 1254001), await MakeAsync(part));
        Assert.Equal((200, 1254001), await MakeAsync(Part("fixed_text", new string('x', 101))));
        Assert.Equal((200, 1254001), await MakeAsync([.. Enumerable.Repeat(Part("fixed_text", "x"), 11)]));
        Assert.Equal((400, 99992402), await MakeAsync(Part("sum", "x")));
        Assert.Equal((400, 99992402), await MakeAsync("""{"type":"fixed_text"}"""));
        await FieldAsync("No", 1005);
        var path = $"{Orders}/fields/{Emulator.State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!.FieldNamed("No")!.FieldId}";
        Assert.Equal((200, 1254001), await CodeAsync(HttpMethod.Put, path, Serial(part)));
        Assert.Equal("1", (await FieldsOfAsync(SeededTables.RecordId(1)))["No"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_number_is_made_of_its_digits_the_day_and_texts()
    {
        var body = Serial(Part("system_number", "3"), Part("fixed_text", "no"), Part("created_time", "yyyyMMdd"));
        var made = (await PostAsync(Orders + "/fields", body))["field"]!;
        Assert.Equal("""{"type":"system_number","value":"3"}""", made["property"]!["auto_serial"]!["options"]![0]!.ToJsonString());
        Assert.Equal("002no20260105", (await FieldsOfAsync(SeededTables.RecordId(2)))["New"]!.GetValue<string>());
        Assert.Equal(["PO-2026-002"], await FindAsync(Where("New", "is", "002no20260105")));
        Assert.Equal((200, 1254606), await CodeAsync(HttpMethod.Put, $"{Orders}/fields/{made["field_id"]}", body));
        await DataAsync(HttpMethod.Put, $"{Orders}/fields/{made["field_id"]}", Serial(Part("fixed_text", "#"), Part("system_number", "1")));
        Assert.Equal("#2", (await FieldsOfAsync(SeededTables.RecordId(2)))["New"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_number_that_no_double_holds_is_refused()
    {
        var fields = new JsonObject { [SeededTables.Amount] = JsonNode.Parse("1e999") };
        Assert.Equal((200, 1254061), await CodeAsync(HttpMethod.Put, $"{Records}/{SeededTables.RecordId(1)}", new { fields }));
        fields = new JsonObject { [SeededTables.Amount] = JsonNode.Parse("1e300") };
        await DataAsync(HttpMethod.Put, $"{Records}/{SeededTables.RecordId(1)}", new { fields });
        Assert.Equal(1e300, (await FieldsOfAsync(SeededTables.RecordId(1)))[SeededTables.Amount]!.GetValue<double>());
    }

    [Fact]
    public async Task A_telephone_number_has_the_digits_of_ascii_and_nothing_behind_them()
    {
        await FieldAsync("Phone", 13);
        foreach (var bad in (string[])["123\n", "１２３", "+1 2"])
            Assert.Equal((200, 1254072), await RefusedAsync(new JsonObject { ["Phone"] = bad }));
        await RowAsync(new JsonObject { ["Phone"] = "+86123" });
    }

    [Theory]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775807")]
    public async Task A_day_beyond_all_calendars_is_no_condition(string millis)
    {
        Assert.Equal((200, 1254018), await CodeAsync(HttpMethod.Post, Records + "/search",
            Where(SeededTables.Date, "is", "ExactDate", millis)));
    }

    [Fact]
    public async Task Empty_places_in_lists_name_nothing()
    {
        Assert.Equal((200, 1254016), await CodeAsync(HttpMethod.Get, $"{Records}?sort={Uri.EscapeDataString("[null]")}"));
        Assert.Equal((200, 1254024), await CodeAsync(HttpMethod.Get, $"{Records}?field_names={Uri.EscapeDataString("[null]")}"));
        var view = $"{Orders}/views/{SeededTables.AllOrders}";
        var hidden = new { property = new { hidden_fields = new string?[] { null } } };
        Assert.Equal((404, 1254044), await CodeAsync(HttpMethod.Patch, view, hidden));
        object Filter(string value) => new
        {
            property = new
            {
                filter_info = new { conjunction = "and", conditions = new[]
                    { new { field_id = SeededTables.FieldId(SeededTables.OrderNo), @operator = "contains", value } } },
            },
        };
        Assert.Equal((400, 1254018), await CodeAsync(HttpMethod.Patch, view, Filter("[null]")));
        await DataAsync(HttpMethod.Patch, view, Filter("[\"9\"]"));
        Assert.Equal(Numbered(9), string.Join(' ', await FindAsync(new { view_id = SeededTables.AllOrders })));
    }

    private static string Part(string type, string value) => new JsonObject { ["type"] = type, ["value"] = value }.ToJsonString();

    private static JsonObject Serial(params string[] parts) => new()
    {
        ["field_name"] = "New", ["type"] = 1005,
        ["property"] = new JsonObject
        {
            ["auto_serial"] = new JsonObject
            {
                ["type"] = "custom", ["options"] = new JsonArray([.. parts.Select(p => JsonNode.Parse(p))]),
            },
        },
    };
}
