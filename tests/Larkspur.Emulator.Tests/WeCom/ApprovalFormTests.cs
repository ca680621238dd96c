using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>Forms that applications make, and what may be filled into them.</summary>
public sealed class ApprovalFormTests : WeComTest
{
    private static readonly JsonArray Zh = Texts("标题");

    private static JsonArray Texts(string text) => new(new JsonObject { ["text"] = text, ["lang"] = "zh_CN" });

    private static JsonObject Control(string kind, string id, object? config = null, bool required = false) => new()
    {
        ["property"] = new JsonObject { ["control"] = kind, ["id"] = id, ["title"] = Zh.DeepClone(), ["placeholder"] = Texts("说明"), ["require"] = required ? 1 : 0, ["un_print"] = 1 },
        ["config"] = System.Text.Json.JsonSerializer.SerializeToNode(config ?? new { }),
    };

    private static JsonObject Option(string key) => new() { ["key"] = key, ["value"] = new JsonObject { ["text"] = "选项" + key, ["lang"] = "zh_CN" } };

    private static JsonObject Template(string name, params JsonObject[] controls) => new()
    {
        ["template_name"] = Texts(name), ["template_content"] = new JsonObject { ["controls"] = new JsonArray([.. controls.Select(c => c.DeepClone())]) },
    };

    private static JsonObject[] Everything =>
    [
        Control("Text", "Text-1"), Control("Number", "Number-2"), Control("Date", "Date-3", new { date = new { type = "hour" } }),
        Control("Selector", "Selector-4", new { selector = new { type = "multi", options = new[] { Option("a"), Option("b") } } }),
        Control("Contact", "Contact-5", new { contact = new { type = "single", mode = "user" } }), Control("Contact", "Contact-6", new { contact = new { type = "multi", mode = "department" } }),
        Control("File", "File-7"), Control("Table", "Table-8", new { table = new { children = new[] { Control("Money", "Money-9", required: true) } } }),
        Control("DateRange", "DateRange-10", new { date_range = new { type = "halfday" } }), Control("Location", "Location-11"), Control("RelatedApproval", "RelatedApproval-12"), Control("Formula", "Formula-13", required: true),
    ];

    private async Task<string> MakeAsync(string name, params JsonObject[] controls)
    {
        var answer = await CallAsync("/cgi-bin/oa/approval/create_template", Template(name, controls));
        Assert.True(Code(answer) == 0, answer.ToJsonString());
        return Text(answer, "template_id");
    }

    private Task<JsonObject> FillAsync(string template, params JsonObject[] contents) => CallAsync("/cgi-bin/oa/applyevent", new
    {
        creator_userid = "alice", template_id = template, use_template_approver = 1, apply_data = new { contents }, summary_list = new[] { new { summary_info = Zh } },
    });

    private static JsonObject Value(string id, string json) => new() { ["control"] = id.Split('-')[0], ["id"] = id, ["value"] = JsonNode.Parse(json) };

    [Fact]
    public async Task A_form_is_made_read_and_changed()
    {
        var id = await MakeAsync("用章申请", Everything);
        var read = await CallAsync("/cgi-bin/oa/gettemplatedetail", new { template_id = id });
        var controls = read["template_content"]!["controls"]!.AsArray();
        Assert.Equal(("用章申请", 12), (read["template_names"]![0]!["text"]!.GetValue<string>(), controls.Count));
        Assert.Equal("选项a", controls[3]!["config"]!["selector"]!["options"]![0]!["value"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("Money-9", controls[7]!["config"]!["table"]!["children"]![0]!["property"]!["id"]!.GetValue<string>());
        var changed = Template("用章申请二", Control("Text", "Text-1", required: true));
        changed["template_id"] = id;
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/oa/approval/update_template", changed)));
        Assert.Equal(301025, Code(await FillAsync(id)));
        // The administrator's own form is not the application's to change.
        changed["template_id"] = "3WLarkspurPayment0000000000000000000001";
        Assert.Equal(301055, Code(await CallAsync("/cgi-bin/oa/approval/update_template", changed)));
        Assert.Equal(301025, Code(await CallAsync("/cgi-bin/oa/gettemplatedetail", new { template_id = "made-up" })));
    }

    [Fact]
    public async Task Broken_forms_are_refused()
    {
        await MakeAsync("已有", Control("Text", "Text-1"));
        JsonObject[] broken =
        [
            Template("已有", Control("Text", "Text-1")), Template(new string('长', 41), Control("Text", "Text-1")), Template("无控件"),
            Template("不明", Control("Hologram", "Hologram-1")), Template("坏编号", Control("Text", "Number-1")), Template("坏编号二", Control("Text", "Text-x")),
            Template("重复", Control("Text", "Text-1"), Control("Text", "Text-1")), Template("无选项", Control("Selector", "Selector-1", new { selector = new { type = "single", options = Array.Empty<object>() } })),
            Template("坏日期", Control("Date", "Date-1", new { date = new { type = "year" } })), Template("坏联系人", Control("Contact", "Contact-1", new { contact = new { type = "single" } })),
            Template("表中表", Control("Table", "Table-1", new { table = new { children = new[] { Control("Table", "Table-2") } } })),
            Template("两假", Control("Vacation", "Vacation-1"), Control("Attendance", "Attendance-2")), new() { ["template_name"] = "no list" },
        ];
        foreach (var body in broken) Assert.True(Code(await CallAsync("/cgi-bin/oa/approval/create_template", body)) == 301025, body.ToJsonString());
    }

    [Fact]
    public async Task Every_kind_of_value_comes_back_in_the_detail()
    {
        var id = await MakeAsync("全部控件", Everything);
        var media = await UploadAsync("file", [1, 2, 3, 4, 5, 6]);
        var answer = await FillAsync(
            id, Value("Text-1", """{"text":"一"}"""), Value("Number-2", """{"new_number":"-3.5"}"""), Value("Date-3", """{"date":{"type":"hour","s_timestamp":"1700000000"}}"""),
            Value("Selector-4", """{"selector":{"type":"multi","options":[{"key":"b"}]}}"""), Value("Contact-5", """{"members":[{"userid":"Bob","name":"x"}]}"""), Value("Contact-6", """{"departments":[{"openapi_id":"2","name":"x"}]}"""),
            Value("File-7", $$"""{"files":[{"file_id":"{{media}}"}]}"""), Value("Table-8", """{"children":[{"list":[{"control":"Money","id":"Money-9","value":{"new_money":"7"}}]}]}"""),
            Value("DateRange-10", """{"date_range":{"type":"halfday","new_begin":1700000000,"new_end":1700086400,"new_duration":86400}}"""),
            Value("Location-11", """{"location":{"latitude":"31.230416","longitude":"121.473701","title":"上海","address":"x","time":1700000000}}"""), Value("RelatedApproval-12", """{"related_approval":[{"sp_no":"202511210001"}]}"""));
        Assert.True(Code(answer) == 0, answer.ToJsonString());
        var contents = (await CallAsync("/cgi-bin/oa/getapprovaldetail", new { sp_no = Text(answer, "sp_no") }))["info"]!["apply_data"]!["contents"]!.AsArray();
        Assert.Equal(11, contents.Count);
        Assert.Equal(("标题", "选项b", "bob", "采购部", "7"), (contents[0]!["title"]![0]!["text"]!.GetValue<string>(), contents[3]!["value"]!["selector"]!["options"]![0]!["value"]![0]!["text"]!.GetValue<string>(),
            contents[4]!["value"]!["members"]![0]!["userid"]!.GetValue<string>(), contents[5]!["value"]!["departments"]![0]!["name"]!.GetValue<string>(), contents[7]!["value"]!["children"]![0]!["list"]![0]!["value"]!["new_money"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("Text-1", """{"text":5}""")]
    [InlineData("Text-1", """{"text":"x"} """, "Number")]
    [InlineData("Text-99", """{"text":"x"}""")]
    [InlineData("Number-2", """{"new_number":3}""")]
    [InlineData("Number-2", """{"new_number":"three"}""")]
    [InlineData("Date-3", """{"date":{"type":"day","s_timestamp":"1700000000"}}""")]
    [InlineData("Date-3", """{"date":{"type":"hour","s_timestamp":1700000000}}""")]
    [InlineData("Date-3", """{"date":"today"}""")]
    [InlineData("Selector-4", """{"selector":{"type":"multi","options":[{"key":"z"}]}}""")]
    [InlineData("Selector-4", """{"selector":{"type":"single","options":[{"key":"a"}]}}""")]
    [InlineData("Contact-5", """{"members":[{"userid":"bob"},{"userid":"carol"}]}""")]
    [InlineData("Contact-5", """{"members":[{"userid":"nobody"}]}""")]
    [InlineData("Contact-6", """{"departments":[{"openapi_id":"99"}]}""")]
    [InlineData("File-7", """{"files":[{"file_id":"made-up"}]}""")]
    [InlineData("Table-8", """{"children":[{"list":[]}]}""")]
    [InlineData("Table-8", """{"children":"rows"}""")]
    [InlineData("DateRange-10", """{"date_range":{"type":"halfday","new_begin":2,"new_end":1}}""")]
    [InlineData("Location-11", """{"location":{"latitude":"91","longitude":"0"}}""")]
    public async Task A_value_of_another_shape_is_refused(string id, string json, string? kind = null)
    {
        var template = await MakeAsync("形状", Everything);
        var value = Value(id, json);
        if (kind is not null) value["control"] = kind;
        Assert.Equal(301025, Code(await FillAsync(template, value)));
    }

    [Fact]
    public async Task Seven_files_and_bad_processes_are_refused()
    {
        var template = await MakeAsync("附件", Control("File", "File-7"), Control("Text", "Text-1"));
        var media = new List<JsonNode?>();
        for (var i = 0; i < 7; i++) media.Add(new JsonObject { ["file_id"] = await UploadAsync("file", [1, 2, 3, 4, 5, 6]) });
        JsonObject Files(int count) => new() { ["control"] = "File", ["id"] = "File-7", ["value"] = new JsonObject { ["files"] = new JsonArray([.. media.Take(count).Select(m => m!.DeepClone())]) } };
        Assert.Equal(0, Code(await FillAsync(template, Files(6))));
        Assert.Equal(301025, Code(await FillAsync(template, Files(7))));
        object Apply(object more) => System.Text.Json.Nodes.JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more))!;
        var data = new { contents = Array.Empty<object>() };
        var summary = new[] { new { summary_info = Zh } };
        foreach (var body in new object[]
        {
            new { creator_userid = "alice", template_id = template, use_template_approver = 0, apply_data = data, summary_list = summary },
            new { creator_userid = "alice", template_id = template, use_template_approver = 0, process = new { node_list = new[] { new { type = 2, userid = new[] { "bob" } } } }, apply_data = data, summary_list = summary },
            new { creator_userid = "alice", template_id = template, use_template_approver = 0, process = new { node_list = new[] { new { type = 1, apv_rel = 4, userid = new[] { "bob" } } } }, apply_data = data, summary_list = summary },
            new { creator_userid = "alice", template_id = template, use_template_approver = 0, process = new { node_list = new[] { new { type = 1, apv_rel = 1, userid = new[] { "nobody" } } } }, apply_data = data, summary_list = summary },
            new { creator_userid = "alice", template_id = template, use_template_approver = 0, approver = new[] { new { attr = 1, userid = Array.Empty<string>() } }, apply_data = data, summary_list = summary },
            new { creator_userid = "alice", template_id = template, use_template_approver = 2, apply_data = data, summary_list = summary },
            new { creator_userid = "alice", template_id = template, use_template_approver = 1, apply_data = data, summary_list = Enumerable.Repeat(summary[0], 4) },
            new { creator_userid = "alice", template_id = template, use_template_approver = 1, apply_data = data, summary_list = summary, choose_department = 3 },
            new { creator_userid = "alice", template_id = template, use_template_approver = 1, summary_list = summary },
        }) Assert.Equal(301025, Code(await CallAsync("/cgi-bin/oa/applyevent", Apply(body))));
        Assert.Equal(60111, Code(await CallAsync("/cgi-bin/oa/applyevent", new { creator_userid = "nobody", template_id = template, use_template_approver = 1, apply_data = data, summary_list = summary })));
    }

    [Fact]
    public async Task The_leader_decides_unless_the_administrator_named_somebody()
    {
        var template = await MakeAsync("默认流程", Control("Text", "Text-1"));
        async Task<string> Deciders()
        {
            await FillAsync(template);
            return (await StateAsync())["approvals"]!.AsArray()[^1]!["deciders"]!.ToJsonString();
        }

        Assert.Equal("[\"bob\"]", await Deciders());
        await ActAsync(new { platform = "wecom", @do = "set_approvers", template_id = template, approvers = new[] { new[] { "carol", "bob" } } });
        Assert.Equal("[\"carol\",\"bob\"]", await Deciders());
        await RefusedActionAsync(new { platform = "wecom", @do = "set_approvers", template_id = template, approvers = new[] { new[] { "nobody" } } });
    }
}
