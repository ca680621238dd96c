using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Approvals;

/// <summary><c>info</c> of <c>getapprovaldetail</c> as it is on the wire. A null among the entries of a list is passed over.</summary>
internal sealed record ApprovalDetailWire(
    [property: JsonRequired] string SpNo, string? SpName, [property: JsonRequired] ApprovalStatus SpStatus, string? TemplateId, long ApplyTime, UserWire? Applyer, JsonElement BatchApplyer,
    IReadOnlyList<RecordWire>? SpRecord, IReadOnlyList<UserWire>? Notifyer, ApplyDataWire? ApplyData, IReadOnlyList<CommentWire>? Comments, ProcessWire? ProcessList)
{
    public ApprovalDetail ToDetail() => new()
    {
        Number = SpNo,
        Name = SpName ?? "",
        Status = SpStatus,
        TemplateId = TemplateId ?? "",
        AppliedAt = UnixTime.Of(ApplyTime) ?? DateTimeOffset.UnixEpoch,
        ApplicantUserId = Applyer?.UserId ?? "",
        ApplicantDepartment = Applyer?.PartyId ?? "",
        // The page's example has one object here, its table a list.
        BatchApplicantUserIds = BatchApplyer.ValueKind == JsonValueKind.Array
            ? [.. BatchApplyer.EnumerateArray().Where(b => b.ValueKind == JsonValueKind.Object).Select(b => b.TryGetProperty("userid", out JsonElement id) ? id.ToString() : "").Where(id => id.Length > 0)] : [],
        Contents = [.. (ApplyData?.Contents ?? []).OfType<ApprovalContent>()],
        Records = [.. (SpRecord ?? []).OfType<RecordWire>().Select(r => r.ToRecord())],
        Nodes = [.. (ProcessList?.NodeList ?? []).OfType<NodeWire>().Select(n => n.ToNode())],
        NotifiedUserIds = [.. (Notifyer ?? []).OfType<UserWire>().Select(n => n.UserId)],
        Comments = [.. (Comments ?? []).OfType<CommentWire>().Select(c => new ApprovalComment(c.CommentId ?? "", c.CommentUserInfo?.UserId ?? "", c.CommentContent ?? "", UnixTime.Of(c.CommentTime), c.MediaId ?? []))],
    };
}

internal sealed record UserWire([property: JsonPropertyName("userid"), JsonRequired] string UserId, [property: JsonPropertyName("partyid")] string? PartyId);

internal sealed record ApplyDataWire(IReadOnlyList<ApprovalContent>? Contents);

internal sealed record RecordWire(ApprovalStep SpStatus, [property: JsonPropertyName("approverattr")] int ApproverAttr, IReadOnlyList<DetailWire>? Details)
{
    /// <remarks>Here 1 is any and 2 is all; in <c>apv_rel</c> it is the other way round.</remarks>
    public ApprovalRecord ToRecord() => new(SpStatus, ApproverAttr == 2,
    [
        .. (Details ?? []).OfType<DetailWire>().Select(d => new ApprovalDecision(d.Approver?.UserId ?? "", d.SpStatus, d.Speech ?? "", UnixTime.Of(d.SpTime), d.MediaId ?? [])),
    ]);
}

internal sealed record DetailWire(UserWire? Approver, string? Speech, ApprovalStep SpStatus, [property: JsonPropertyName("sptime")] long SpTime, IReadOnlyList<string>? MediaId);

internal sealed record CommentWire(
    [property: JsonPropertyName("commentUserInfo")] UserWire? CommentUserInfo, [property: JsonPropertyName("commenttime")] long CommentTime, [property: JsonPropertyName("commentcontent")] string? CommentContent,
    [property: JsonPropertyName("commentid")] string? CommentId, IReadOnlyList<string>? MediaId);

internal sealed record ProcessWire(IReadOnlyList<NodeWire>? NodeList);

internal sealed record NodeWire(ApprovalNodeKind NodeType, ApprovalStep SpStatus, ApprovalRule ApvRel, IReadOnlyList<SubNodeWire>? SubNodeList)
{
    public ApprovalNode ToNode() => new(NodeType, SpStatus, ApvRel, [.. (SubNodeList ?? []).OfType<SubNodeWire>().Select(p => new ApprovalDecision(p.UserId, p.SpYj, p.Speech ?? "", UnixTime.Of(p.SpTime), p.MediaIds ?? []))]);
}

internal sealed record SubNodeWire([property: JsonPropertyName("userid"), JsonRequired] string UserId, string? Speech, ApprovalStep SpYj, [property: JsonPropertyName("sptime")] long SpTime, IReadOnlyList<string>? MediaIds);

internal static class UnixTime
{
    /// <returns>Null for 0, which the platform writes for never, and for what is no time.</returns>
    public static DateTimeOffset? Of(long seconds) => seconds is > 0 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
