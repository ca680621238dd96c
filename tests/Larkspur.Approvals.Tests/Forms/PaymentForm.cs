using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Forms;

/// <summary>A definition with a control of each kind, in the platform's words as its documentation has them.</summary>
internal static class PaymentForm
{
    public const string Code = "7C468A54-8745-2245-9675-08B7C63E7A85";

    public const string Json = """
        [
          {"id":"widget1","custom_id":"reason","name":"付款事由","type":"textarea","printable":true,"required":true},
          {"id":"widget2","name":"单号","type":"input","required":false},
          {"id":"widget3","custom_id":"amount","name":"金额","type":"amount","required":true,"value":"CNY","option":{"currencyRange":["CNY","USD"]}},
          {"id":"widget4","name":"付款方式","type":"radioV2","required":true,"option":[{"value":"k-1","text":"银行转账"},{"value":"k-2","text":"现金"},{"value":"k-3","text":"现金"}]},
          {"id":"widget5","name":"用途","type":"checkboxV2","required":false,"option":[{"value":"c-1","text":"差旅"},{"value":"c-2","text":"采购"}]},
          {"id":"widget6","name":"付款日期","type":"date","required":false,"value":"YYYY-MM-DD"},
          {"id":"widget7","name":"明细","type":"fieldList","required":false,"children":[
            {"id":"widget7a","name":"品名","type":"input","required":true},
            {"id":"widget7b","name":"数量","type":"number","required":false}]},
          {"id":"widget8","name":"期间","type":"dateInterval","required":false,"value":{"format":"YYYY-MM-DD"}},
          {"id":"widget9","name":"经办人","type":"contact","required":false},
          {"id":"widget10","name":"部门","type":"department","required":false},
          {"id":"widget11","name":"关联审批","type":"connect","required":false},
          {"id":"widget12","name":"合同","type":"document","required":false},
          {"id":"widget13","name":"发票","type":"attachmentV2","required":false},
          {"id":"widget14","name":"照片","type":"image","required":false},
          {"id":"widget15","name":"电话","type":"telephone","required":false,"option":{"availableType":"MOBILE"}},
          {"id":"widget16","name":"地址","type":"address","required":false},
          {"id":"widget17","name":"合计","type":"formula","required":false},
          {"id":"widget18","name":"说明","type":"text","required":true,"value":"请如实填写"},
          {"id":"widget19","name":"流水号","type":"serialNumber","required":true},
          {"id":"widget20","name":"备注","type":"input","required":true,"display_condition":{"conditional":"OR"}},
          {"id":"widget21","name":"备注","type":"input","required":false},
          {"id":"widget22","name":"换班","type":"shiftGroup","required":false}
        ]
        """;

    public static ApprovalDefinition Definition { get; } = ApprovalDefinition.FromForm(Code, Json);

    /// <summary>A form with all that is required, and nothing else.</summary>
    public static ApprovalForm Enough() => Definition.NewForm().SetText("reason", "服务器").SetAmount("amount", 88000.50m).SetOption("付款方式", "银行转账");
}
