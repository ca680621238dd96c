using System.Text.Json.Nodes;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Forms;

public sealed class SetterTests
{
    [Fact]
    public void Every_kind_is_written_as_the_platform_documents_it()
    {
        var at = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.FromHours(8));
        string json = PaymentForm.Enough()
            .SetText("单号", "P-1").SetOptions("用途", ["差旅", "c-2"]).SetDate("widget6", at)
            .AddRow("明细", r => r.SetText("品名", "服务器").SetNumber("数量", 2)).AddRow("明细", r => r.SetText("widget7a", "硬盘"))
            .SetInterval("期间", at, at.AddDays(1.5)).SetPeople("经办人", ApprovalPerson.UserId("f8ca557e"), ApprovalPerson.OpenId("ou_1"))
            .SetDepartments("部门", "od-1").SetConnected("关联审批", "19EAC829").SetDocument("合同", "doxcn1").SetFiles("发票", "F1", "F2").SetFiles("照片", "P1")
            .SetTelephone("电话", "+86", "13122222222").SetAddress("地址", "290557", "一号楼").SetNumber("合计", 3.5m)
            .SetText("widget21", "二").SetShift("换班", at, at.AddDays(1), "家事")
            .ToJson();

        Same("""
            [
              {"id":"widget1","type":"textarea","value":"服务器"},
              {"id":"widget2","type":"input","value":"P-1"},
              {"id":"widget3","type":"amount","value":88000.50,"currency":"CNY"},
              {"id":"widget4","type":"radioV2","value":"k-1"},
              {"id":"widget5","type":"checkboxV2","value":["c-1","c-2"]},
              {"id":"widget6","type":"date","value":"2026-11-21T09:00:00+08:00"},
              {"id":"widget7","type":"fieldList","value":[
                [{"id":"widget7a","type":"input","value":"服务器"},{"id":"widget7b","type":"number","value":2}],
                [{"id":"widget7a","type":"input","value":"硬盘"}]]},
              {"id":"widget8","type":"dateInterval","value":{"start":"2026-11-21T09:00:00+08:00","end":"2026-11-22T21:00:00+08:00","interval":1.5}},
              {"id":"widget9","type":"contact","value":["f8ca557e"],"open_ids":["ou_1"]},
              {"id":"widget10","type":"department","value":[{"open_id":"od-1"}]},
              {"id":"widget11","type":"connect","value":["19EAC829"]},
              {"id":"widget12","type":"document","value":{"token":"doxcn1","type":"docx"}},
              {"id":"widget13","type":"attachmentV2","value":["F1","F2"]},
              {"id":"widget14","type":"image","value":["P1"]},
              {"id":"widget15","type":"telephone","value":{"countryCode":"+86","nationalNumber":"13122222222"}},
              {"id":"widget16","type":"address","value":[{"id":"290557","detailAddress":"一号楼"}]},
              {"id":"widget17","type":"formula","value":3.5},
              {"id":"widget21","type":"input","value":"二"},
              {"id":"widget22","type":"shiftGroup","value":{"shiftTime":"2026-11-21T09:00:00+08:00","returnTime":"2026-11-22T09:00:00+08:00","reason":"家事"}}
            ]
            """, json);
    }

    [Fact]
    public void An_exact_amount_stays_exact()
        => Assert.Contains("\"value\":9007199254740993.01", PaymentForm.Definition.NewForm().SetText("reason", "x").SetAmount("amount", 9007199254740993.01m, "USD").SetOption("widget4", "k-2").ToJson(), StringComparison.Ordinal);

    [Fact]
    public void People_by_open_id_alone_are_given()
    {
        string json = ApprovalDefinition.FromForm("A", """[{"id":"w","name":"Who","type":"contact","required":true}]""").NewForm().SetPeople("w", ApprovalPerson.OpenId("ou_1")).ToJson();
        Same("""[{"id":"w","type":"contact","value":[],"open_ids":["ou_1"]}]""", json);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_in_both_languages()
    {
        ApprovalForm form = PaymentForm.Definition.NewForm()
            .SetNumber("reason", 1).SetAmount("amount", 5, "EUR").SetOption("付款方式", "支票").SetOption("付款方式", "现金").SetText("nowhere", "x").SetText("备注", "x").SetText("说明", "x")
            .SetInterval("期间", DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch).SetDepartments("部门", "1").SetTelephone("电话", "86", "1")
            .AddRow("明细", r => r.SetText("数量", "two")).SetText("widget2", "a").SetText("widget2", "b");

        var refused = Assert.Throws<ApprovalFormException>(form.ToJson);
        Assert.Equal(PaymentForm.Code, refused.ApprovalCode);
        Assert.Equal(
            [
                (ApprovalFormFault.WrongType, "widget1"), (ApprovalFormFault.WrongValue, "widget3"), (ApprovalFormFault.UnknownOption, "widget4"), (ApprovalFormFault.AmbiguousOption, "widget4"),
                (ApprovalFormFault.UnknownControl, "nowhere"), (ApprovalFormFault.AmbiguousName, "备注"), (ApprovalFormFault.ByHandOnly, "widget18"), (ApprovalFormFault.WrongValue, "widget8"),
                (ApprovalFormFault.WrongValue, "widget10"), (ApprovalFormFault.WrongValue, "widget15"), (ApprovalFormFault.GivenTwice, "widget2"),
                (ApprovalFormFault.WrongType, "widget7b"), (ApprovalFormFault.Missing, "widget7a"),
            ],
            refused.Problems.Select(p => (p.Fault, p.ControlId)));
        Assert.Equal("控件“付款事由”（widget1）需要一段文字，给的是数字。", refused.Problems[0].Explanation.Chinese);
        Assert.Equal("Control \"付款事由\" (widget1) wants text, not a number.", refused.Problems[0].Explanation.English);
        Assert.Equal("明细[0]", refused.Problems[^1].Row);
        Assert.Equal(refused.Problems.Count, refused.For("zh_cn").Split('\n').Length);
        Assert.Contains("13 problems", refused.Message, StringComparison.Ordinal);
        Assert.Contains("银行转账 (k-1)", refused.Problems[2].Explanation.English, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_required_and_hidden_or_made_by_the_platform_is_not_asked_for()
        => Assert.Equal(["widget1", "widget3", "widget4"], PaymentForm.Definition.NewForm().Problems.Select(p => p.ControlId));

    [Fact]
    public void What_is_empty_is_left_out()
    {
        string json = PaymentForm.Enough().SetText("单号", " ").SetFiles("发票").SetPeople("经办人").SetOptions("用途", []).ToJson();
        Assert.Equal(["widget1", "widget3", "widget4"], JsonNode.Parse(json)!.AsArray().Select(i => i!["id"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Blank_text_is_no_answer_to_a_required_question(string blank)
        => Assert.Equal(ApprovalFormFault.Missing, Assert.Single(PaymentForm.Definition.NewForm().SetText("reason", blank).SetAmount("amount", 1).SetOption("widget4", "k-1").Problems).Fault);

    [Fact]
    public void A_form_that_only_people_can_fill_in_says_so()
    {
        ApprovalDefinition trip = ApprovalDefinition.FromForm("A", """[{"id":"w","name":"出差","type":"tripGroup","required":true},{"id":"x","type":"apaascorehrOffboardingGroup","required":false}]""");
        ApprovalFormProblem problem = Assert.Single(trip.NewForm().Problems);
        Assert.Equal((ApprovalFormFault.ByHandOnly, "w", "tripGroup"), (problem.Fault, problem.ControlId, problem.ControlType));
    }

    [Fact]
    public void A_leave_asks_for_what_the_platform_does_not_compute()
    {
        ApprovalDefinition leave = ApprovalDefinition.FromForm("A", """
            [{"id":"widgetLeaveGroupV2","name":"请假","type":"leaveGroupV2","required":true,"value":[
              {"id":"widgetLeaveGroupType","name":"假期类型","type":"radioV2","option":[],"required":true},
              {"id":"widgetLeaveGroupStartTime","name":"开始时间","type":"date","value":"YYYY-MM-DD hh:mm","required":true},
              {"id":"widgetLeaveGroupInterval","name":"时长","type":"radioV2","option":[],"required":true},
              {"id":"widgetLeaveGroupReason","name":"请假事由","type":"textarea","required":true}]}]
            """);
        Assert.Equal("widgetLeaveGroupV2", Assert.Single(leave.NewForm().Problems).ControlId);
        Assert.Equal("widgetLeaveGroupStartTime", Assert.Single(leave.NewForm().SetGroup("请假", g => g.SetOption("widgetLeaveGroupType", "7488925543484620819")).Problems).ControlId);
        string json = leave.NewForm().SetGroup("请假", g => g
            .SetOption("widgetLeaveGroupType", "7488925543484620819").SetDate("widgetLeaveGroupStartTime", new(2026, 8, 25, 11, 30, 0, TimeSpan.FromHours(8)))).ToJson();
        Same("""
            [{"id":"widgetLeaveGroupV2","type":"leaveGroupV2","value":[
              {"id":"widgetLeaveGroupType","type":"radioV2","value":"7488925543484620819"},{"id":"widgetLeaveGroupStartTime","type":"date","value":"2026-08-25T11:30:00+08:00"}]}]
            """, json);
    }

    private static void Same(string wanted, string json) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(wanted), JsonNode.Parse(json)), json);
}
