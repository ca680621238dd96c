using System.Xml.Linq;
using Larkspur.WeCom.Approvals;

namespace Larkspur.WeCom.Callbacks;

/// <summary>Turns <c>ApprovalInfo</c> of <c>sys_approval_change</c> into its type.</summary>
internal static class ApprovalReader
{
    public static ApprovalChanged Read(XElement info) => new()
    {
        // The number as text came in June 2025, because numbers of this length lose digits in some languages.
        Number = info.TextOrNull("SpNoStr") ?? info.Text("SpNo"),
        Name = info.Text("SpName"),
        Status = (ApprovalStatus)Int(info, "SpStatus"),
        TemplateId = info.Text("TemplateId"),
        AppliedAt = info.Time("ApplyTime"),
        ApplicantUserId = info.Text("Applyer/UserId"),
        ApplicantDepartment = info.Text("Applyer/Party"),
        // The platform's spelling.
        EventKind = (ApprovalEventKind)Int(info, "StatuChangeEvent"),
        Records = [.. info.FindMany("SpRecord").Select(Record)],
        Nodes = [.. info.FindMany("ProcessList/NodeList").Select(Node)],
        NotifiedUserIds = info.Many("Notifyer/UserId"),
        Comments = [.. info.FindMany("Comments").Select(Comment)],
        Info = info,
    };

    /// <remarks>Here 1 is any and 2 is all; in <c>ApvRel</c> it is the other way round.</remarks>
    private static ApprovalRecord Record(XElement record) => new((ApprovalStep)Int(record, "SpStatus"), Int(record, "ApproverAttr") == 2,
    [
        .. record.FindMany("Details").Select(d => new ApprovalDecision(d.Text("Approver/UserId"), (ApprovalStep)Int(d, "SpStatus"), d.Text("Speech"), UnixTime.Of(d.Number("SpTime")), d.Many("Attach"))),
    ]);

    private static ApprovalNode Node(XElement node) => new((ApprovalNodeKind)Int(node, "NodeType"), (ApprovalStep)Int(node, "SpStatus"), (ApprovalRule)Int(node, "ApvRel"),
    [
        .. node.FindMany("SubNodeList").Select(p => new ApprovalDecision(p.Text("UserInfo/UserId"), (ApprovalStep)Int(p, "SpYj"), p.Text("Speech"), UnixTime.Of(p.Number("Sptime")), p.Many("MediaIds"))),
    ]);

    private static ApprovalComment Comment(XElement comment) => new(
        comment.Text("CommentId"), comment.Text("CommentUserInfo/UserId"), comment.Text("CommentContent"), UnixTime.Of(comment.Number("CommentTime")), comment.Many("Attach"));

    private static int Int(XElement element, string path) => int.TryParse(element.Text(path), out int value) ? value : 0;
}
