using System.Collections.Frozen;

namespace Larkspur.Feishu.Approvals;

/// <summary>From wire type to kind. Source: approval-v4/instance/approval-instance-form-control-parameters and approval-v4/approval/get.</summary>
internal static class ApprovalControlKinds
{
    private static readonly FrozenDictionary<string, ApprovalControlKind> Known = new Dictionary<string, ApprovalControlKind>
    {
        ["input"] = ApprovalControlKind.Input,
        ["textarea"] = ApprovalControlKind.TextArea,
        ["number"] = ApprovalControlKind.Number,
        ["amount"] = ApprovalControlKind.Amount,
        ["formula"] = ApprovalControlKind.Formula,
        ["radio"] = ApprovalControlKind.Radio,
        ["radioV2"] = ApprovalControlKind.Radio,
        ["checkbox"] = ApprovalControlKind.Checkbox,
        ["checkboxV2"] = ApprovalControlKind.Checkbox,
        ["date"] = ApprovalControlKind.Date,
        ["dateInterval"] = ApprovalControlKind.DateInterval,
        ["contact"] = ApprovalControlKind.Contact,
        ["department"] = ApprovalControlKind.Department,
        ["connect"] = ApprovalControlKind.Connect,
        ["document"] = ApprovalControlKind.Document,
        ["attachment"] = ApprovalControlKind.Attachment,
        ["attachmentV2"] = ApprovalControlKind.Attachment,
        ["image"] = ApprovalControlKind.Image,
        ["imageV2"] = ApprovalControlKind.Image,
        ["fieldList"] = ApprovalControlKind.FieldList,
        ["telephone"] = ApprovalControlKind.Telephone,
        ["address"] = ApprovalControlKind.Address,
        ["leaveGroupV2"] = ApprovalControlKind.LeaveGroup,
        ["workGroup"] = ApprovalControlKind.WorkGroup,
        ["outGroup"] = ApprovalControlKind.OutGroup,
        ["shiftGroup"] = ApprovalControlKind.ShiftGroup,
        ["text"] = ApprovalControlKind.Note,
        ["serialNumber"] = ApprovalControlKind.SerialNumber,
        ["mutableGroup"] = ApprovalControlKind.ByHandOnly,
        ["account"] = ApprovalControlKind.ByHandOnly,
        ["tripGroup"] = ApprovalControlKind.ByHandOnly,
        ["leaveGroup"] = ApprovalControlKind.ByHandOnly,
        ["remedyGroup"] = ApprovalControlKind.ByHandOnly,
        ["remedyGroupV2"] = ApprovalControlKind.ByHandOnly,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static ApprovalControlKind Of(string type)
        => Known.TryGetValue(type, out ApprovalControlKind kind) ? kind
            : type.StartsWith("apaascorehr", StringComparison.Ordinal) ? ApprovalControlKind.ByHandOnly
            : ApprovalControlKind.Unknown;
}
