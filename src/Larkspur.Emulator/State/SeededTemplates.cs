namespace Larkspur.Emulator.State;

/// <summary>Two cards of the builder that every fresh state holds, for first tries.</summary>
public static class SeededTemplates
{
    public const string Notice = "AAqLarkspurNotice";
    public const string Approval = "AAqLarkspurApproval";

    public static void Fill(EmulatorState state)
    {
        state.Put(new CardTemplate
        {
            TemplateId = Notice,
            Name = "通知 / Notice",
            Versions =
            [
                new CardTemplateVersion("1.0.0", """
                    {"schema":"2.0","header":{"title":{"tag":"plain_text","content":"${title}"},"template":"${color}"},
                     "body":{"elements":[{"tag":"markdown","content":"${text}"},
                      {"tag":"button","type":"primary","text":{"tag":"plain_text","content":"查看 / Open"},"behaviors":[{"type":"open_url","default_url":"${link}"}]}]}}
                    """,
                    [
                        new CardTemplateVariable("title", "string"), new CardTemplateVariable("text", "string"),
                        new CardTemplateVariable("color", "string", "\"blue\""), new CardTemplateVariable("link", "string", "\"https://mica.example/\""),
                    ]),
            ],
        });
        state.Put(new CardTemplate
        {
            TemplateId = Approval,
            Name = "审批 / Approval",
            Versions =
            [
                new CardTemplateVersion("1.0.0", """
                    {"config":{"update_multi":true},"header":{"template":"orange","title":{"tag":"plain_text","content":"${title}"}},
                     "elements":[{"tag":"div","fields":[{"is_short":true,"text":{"tag":"lark_md","content":"**申请人 / Applicant**\n<at id=${applicant}></at>"}},
                       {"is_short":true,"text":{"tag":"lark_md","content":"**金额 / Amount**\n${amount}"}}]},
                      {"tag":"action","actions":[{"tag":"button","type":"primary","text":{"tag":"plain_text","content":"同意 / Approve"},"value":{"key":"${key}","decision":"approve"}},
                       {"tag":"button","type":"danger","text":{"tag":"plain_text","content":"拒绝 / Reject"},"value":{"key":"${key}","decision":"reject"}}]}]}
                    """,
                    [
                        new CardTemplateVariable("title", "string"), new CardTemplateVariable("applicant", "user"),
                        new CardTemplateVariable("amount", "number"), new CardTemplateVariable("key", "string"),
                    ]),
            ],
        });
    }
}
