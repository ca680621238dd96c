using System.Text.Json;

namespace Larkspur.DingTalk.Workflow;

/// <summary>A file in the space of approvals (审批钉盘), as a page's script gets it when somebody uploads. All members are needed.</summary>
/// <param name="SpaceId">The space, of <see cref="DingTalkApprovalFiles.GetSpaceAsync"/>.</param>
/// <param name="FileId">The file.</param>
/// <param name="FileName">Its name.</param>
/// <param name="FileSize">Its size in bytes, as text.</param>
/// <param name="FileType">Its extension.</param>
public sealed record ApprovalAttachment(string? SpaceId, string? FileId, string? FileName, string? FileSize, string? FileType)
{
    /// <summary>The value of a <c>DDAttachment</c> field that holds these files.</summary>
    public static string FieldValue(IEnumerable<ApprovalAttachment> files) => JsonSerializer.Serialize(files.ToArray(), DingTalkJson.New);

    internal static IReadOnlyList<ApprovalAttachment> OfField(string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || value is "null") return [];
        try
        {
            return JsonSerializer.Deserialize<List<ApprovalAttachment>>(value, DingTalkJson.New)?.Where(static f => f is not null).ToList() ?? [];
        }
        catch (JsonException)
        {
            // What people typed before the field became one for files.
            return [];
        }
    }
}

/// <summary>What is enclosed with a remark.</summary>
/// <param name="Attachments">At most 20 files of the space of approvals.</param>
/// <param name="Photos">Addresses of pictures, at most 1 024 characters each.</param>
public sealed record ApprovalEnclosure(IReadOnlyList<ApprovalAttachment> Attachments, IReadOnlyList<string>? Photos = null)
{
    internal object Checked()
    {
        if (Attachments.Count > 20) throw new ArgumentException("At most 20 files go with a remark.");
        if (Photos?.FirstOrDefault(static p => p.Length > 1024) is not null) throw new ArgumentException("The address of a picture has at most 1024 characters.");
        return new { photos = Photos, attachments = Attachments.Count == 0 ? null : Attachments };
    }
}
