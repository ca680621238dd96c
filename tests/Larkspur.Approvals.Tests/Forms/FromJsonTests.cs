using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Forms;

public sealed class FromJsonTests
{
    [Fact]
    public void Plain_values_become_what_the_platform_wants()
    {
        ApprovalForm form = Read("""
            {
              "reason": "服务器", "单号": null, "widget3": "88000.50", "付款方式": "k-1", "用途": "差旅", "付款日期": "2026-11-21",
              "明细": [{"品名": "服务器", "数量": 2}, [{"id": "widget7a", "type": "input", "value": "硬盘"}]],
              "期间": {"start": "2026-11-21", "end": "2026-11-23T00:00:00+08:00"},
              "经办人": ["ou_1", {"user_id": "alice"}], "部门": {"open_id": "od-1"}, "关联审批": "19EAC829", "合同": "doxcn1", "发票": ["F1"], "照片": "P1",
              "电话": "+86 131-2222-2222", "地址": {"id": "290557"}, "合计": 1.5, "widget21": "b",
              "换班": {"shift_time": "2026-11-21T08:00:00Z", "return_time": "2026-11-22", "reason": "家事"}
            }
            """);
        Assert.Empty(form.Problems);
        Same("""
            [
              {"id":"widget1","type":"textarea","value":"服务器"},
              {"id":"widget3","type":"amount","value":88000.50,"currency":"CNY"},
              {"id":"widget4","type":"radioV2","value":"k-1"},
              {"id":"widget5","type":"checkboxV2","value":["c-1"]},
              {"id":"widget6","type":"date","value":"2026-11-21T00:00:00+08:00"},
              {"id":"widget7","type":"fieldList","value":[
                [{"id":"widget7a","type":"input","value":"服务器"},{"id":"widget7b","type":"number","value":2}],
                [{"id":"widget7a","type":"input","value":"硬盘"}]]},
              {"id":"widget8","type":"dateInterval","value":{"start":"2026-11-21T00:00:00+08:00","end":"2026-11-23T00:00:00+08:00","interval":2}},
              {"id":"widget9","type":"contact","value":["alice"],"open_ids":["ou_1"]},
              {"id":"widget10","type":"department","value":[{"open_id":"od-1"}]},
              {"id":"widget11","type":"connect","value":["19EAC829"]},
              {"id":"widget12","type":"document","value":{"token":"doxcn1","type":"docx"}},
              {"id":"widget13","type":"attachmentV2","value":["F1"]},
              {"id":"widget14","type":"image","value":["P1"]},
              {"id":"widget15","type":"telephone","value":{"countryCode":"+86","nationalNumber":"13122222222"}},
              {"id":"widget16","type":"address","value":[{"id":"290557"}]},
              {"id":"widget17","type":"formula","value":1.5},
              {"id":"widget21","type":"input","value":"b"},
              {"id":"widget22","type":"shiftGroup","value":{"shiftTime":"2026-11-21T08:00:00+00:00","returnTime":"2026-11-22T00:00:00+08:00","reason":"家事"}}
            ]
            """, form.ToJson());
    }

    [Theory]
    [InlineData("reason", "5", ApprovalFormFault.WrongType)]
    [InlineData("reason", "[\"a\"]", ApprovalFormFault.WrongType)]
    [InlineData("amount", "\"many\"", ApprovalFormFault.WrongType)]
    [InlineData("amount", "true", ApprovalFormFault.WrongType)]
    [InlineData("amount", "1e400", ApprovalFormFault.WrongType)]
    [InlineData("amount", "{\"currency\":\"CNY\"}", ApprovalFormFault.WrongType)]
    [InlineData("amount", "{\"value\":1,\"currency\":7}", ApprovalFormFault.WrongType)]
    [InlineData("amount", "{\"value\":1,\"currency\":\"EUR\"}", ApprovalFormFault.WrongValue)]
    [InlineData("widget4", "1", ApprovalFormFault.WrongType)]
    [InlineData("widget4", "[\"k-1\"]", ApprovalFormFault.WrongType)]
    [InlineData("widget4", "\"k-9\"", ApprovalFormFault.UnknownOption)]
    [InlineData("widget4", "\"现金\"", ApprovalFormFault.AmbiguousOption)]
    [InlineData("widget5", "[\"差旅\",\"nothing\"]", ApprovalFormFault.UnknownOption)]
    [InlineData("widget5", "[1]", ApprovalFormFault.WrongType)]
    [InlineData("widget6", "\"tomorrow\"", ApprovalFormFault.WrongType)]
    [InlineData("widget6", "\"2026-13-01\"", ApprovalFormFault.WrongType)]
    [InlineData("widget6", "1700000000", ApprovalFormFault.WrongType)]
    [InlineData("widget7", "{\"品名\":\"x\"}", ApprovalFormFault.WrongType)]
    [InlineData("widget7", "[\"x\"]", ApprovalFormFault.WrongType)]
    [InlineData("widget8", "{\"start\":\"2026-11-21\"}", ApprovalFormFault.WrongType)]
    [InlineData("widget8", "{\"start\":\"2026-11-21\",\"end\":\"2026-11-20\"}", ApprovalFormFault.WrongValue)]
    [InlineData("widget8", "{\"start\":\"2026-11-21\",\"end\":\"2026-11-22\",\"interval\":-1}", ApprovalFormFault.WrongValue)]
    [InlineData("widget9", "\"bob@example.com\"", ApprovalFormFault.WrongValue)]
    [InlineData("widget9", "\"on_1\"", ApprovalFormFault.WrongValue)]
    [InlineData("widget9", "{\"name\":\"Bob\"}", ApprovalFormFault.WrongType)]
    [InlineData("widget10", "\"7\"", ApprovalFormFault.WrongValue)]
    [InlineData("widget12", "7", ApprovalFormFault.WrongType)]
    [InlineData("widget13", "[7]", ApprovalFormFault.WrongType)]
    [InlineData("widget15", "\"13122222222\"", ApprovalFormFault.WrongType)]
    [InlineData("widget15", "{\"country_code\":\"86\",\"national_number\":\"1\"}", ApprovalFormFault.WrongValue)]
    [InlineData("widget16", "{\"detail_address\":\"x\"}", ApprovalFormFault.WrongType)]
    [InlineData("widget17", "\"1,5\"", ApprovalFormFault.WrongType)]
    [InlineData("widget18", "\"x\"", ApprovalFormFault.ByHandOnly)]
    [InlineData("widget19", "\"1\"", ApprovalFormFault.ByHandOnly)]
    [InlineData("widget22", "{\"shift_time\":\"2026-11-21\"}", ApprovalFormFault.WrongType)]
    [InlineData("widget99", "null", ApprovalFormFault.UnknownControl)]
    [InlineData("备注", "\"x\"", ApprovalFormFault.AmbiguousName)]
    public void A_value_that_does_not_fit_is_told_with_its_control(string control, string value, ApprovalFormFault fault)
    {
        ApprovalFormProblem problem = Assert.Single(Read($$"""{ {{JsonSerializer.Serialize(control)}}: {{value}} }""").Problems, p => p.Key == control);
        Assert.Equal(fault, problem.Fault);
        Assert.NotEqual(problem.Explanation.Chinese, problem.Explanation.English);
        Assert.True(control.Length == 0 || problem.ControlId == control || problem.ControlId == PaymentForm.Definition.Find(control)?.Id);
    }

    [Fact]
    public void A_control_that_is_named_twice_is_told()
        => Assert.Contains(Read("""{"reason":"a","widget1":"b","amount":1,"widget4":"k-1"}""").Problems, p => p is { Fault: ApprovalFormFault.GivenTwice, ControlId: "widget1" });

    [Fact]
    public void A_row_says_where_it_is_wrong()
    {
        ApprovalFormProblem problem = Assert.Single(Read("""{"reason":"a","amount":1,"widget4":"k-1","明细":[{"品名":"a"},{"品名":"b","数量":"many"}]}""").Problems);
        Assert.Equal(("明细[1]", "widget7b"), (problem.Row, problem.ControlId));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    public void Values_that_are_no_object_are_refused(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement values = document.RootElement;
        Assert.Throws<ArgumentException>(() => ApprovalForm.FromJson(PaymentForm.Definition, values));
    }

    [Fact]
    public void What_a_message_shows_of_a_value_is_never_the_value_of_a_wrong_type()
        => Assert.DoesNotContain("hunter2", Assert.Throws<ApprovalFormException>(Read("""{"amount":{"secret":"hunter2"},"widget6":"hunter2"}""").ToJson).Message, StringComparison.Ordinal);

    private static ApprovalForm Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ApprovalForm.FromJson(PaymentForm.Definition, document.RootElement.Clone());
    }

    private static void Same(string wanted, string json) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(wanted), JsonNode.Parse(json)), json);
}
