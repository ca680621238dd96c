using System.Globalization;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.People;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Tells the application of every action (<c>sys_approval_change</c>): the state after it, without the form's values. Those of one request come in order.</summary>
internal sealed class ApprovalEvents(EmulatorState state, WeComIds ids, WeComQueues queues, AppCallbacks callbacks)
{
    public const string Type = "sys_approval_change";

    public void Tell(WeComApproval approval, ApprovalChange what)
    {
        var time = state.Clock.GetUtcNow();
        var id = ids.Nonce();
        _ = queues.Enqueue("approval/" + approval.SpNo, Type, newId => callbacks.DeliverAsync(new AppCallback
        {
            Type = Type, From = "sys", IsMessage = false, Id = newId ? ids.Nonce() : id, Time = time, Fields = xml => xml.Part("ApprovalInfo", info => Write(info, approval, what)),
        }));
    }

    private static void Write(CallbackXml xml, WeComApproval approval, ApprovalChange what)
    {
        if (long.TryParse(approval.SpNo, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) xml.Number("SpNo", number);
        xml.Text("SpNoStr", approval.SpNo).Text("SpName", LocalTexts.Of(approval.Template.Names, chinese: true)).Number("SpStatus", (int)approval.Status)
            .Text("TemplateId", approval.Template.Id).Number("ApplyTime", approval.Created.ToUnixTimeSeconds())
            .Part("Applyer", x => x.Text("UserId", approval.Applicant).Text("Party", approval.Department.ToString(CultureInfo.InvariantCulture)));
        foreach (var node in approval.Nodes.Where(n => n.Kind != ApprovalNodeKind.Notify)) xml.Part("SpRecord", x => Record(x, node));
        foreach (var person in approval.Notified) xml.Part("Notifyer", x => x.Text("UserId", person));
        foreach (var comment in approval.Comments)
        {
            xml.Part("Comments", x => x.Part("CommentUserInfo", u => u.Text("UserId", comment.UserId)).Number("CommentTime", comment.At.ToUnixTimeSeconds())
                .Text("CommentContent", comment.Text).Text("CommentId", comment.Id));
        }

        xml.Number("StatuChangeEvent", (int)what);
        xml.Part("ProcessList", x =>
        {
            foreach (var node in approval.Nodes) x.Part("NodeList", n => Node(n, node));
        });
    }

    private static void Record(CallbackXml xml, ApprovalNode node)
    {
        xml.Number("SpStatus", (int)node.Step).Number("ApproverAttr", node.Rule == ApprovalRule.Any ? 1 : 2);
        foreach (var person in node.People)
        {
            xml.Part("Details", x => x.Part("Approver", a => a.Text("UserId", person.UserId)).Text("Speech", person.Speech).Number("SpStatus", (int)person.Step).Number("SpTime", person.At?.ToUnixTimeSeconds() ?? 0));
        }
    }

    private static void Node(CallbackXml xml, ApprovalNode node)
    {
        xml.Number("NodeType", (int)node.Kind).Number("SpStatus", (int)node.Step).Number("ApvRel", (int)node.Rule);
        foreach (var person in node.People)
        {
            xml.Part("SubNodeList", x => x.Part("UserInfo", u => u.Text("UserId", person.UserId)).Text("Speech", person.Speech).Number("SpYj", (int)person.Step).Number("Sptime", person.At?.ToUnixTimeSeconds() ?? 0));
        }
    }
}
