using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>A file that is named in a form or with a remark.</summary>
internal sealed record ApprovalAttachment(string SpaceId, string FileId, string FileName, string FileSize, string FileType)
{
    public JsonObject Show() => new() { ["spaceId"] = SpaceId, ["fileId"] = FileId, ["fileName"] = FileName, ["fileSize"] = FileSize, ["fileType"] = FileType };

    /// <summary>Of a field's value; empty when it is none.</summary>
    public static ImmutableArray<ApprovalAttachment> InForm(string value) => DingTalkCall.Parsed(value) is JsonArray list && Read(list) is { } read ? read : [];

    /// <returns><see langword="null"/> when it is no list of files, each with all its members.</returns>
    public static ImmutableArray<ApprovalAttachment>? Read(JsonArray list)
    {
        var read = ImmutableArray.CreateBuilder<ApprovalAttachment>(list.Count);
        foreach (var item in list)
        {
            if (item is not JsonObject o) return null;
            var file = new ApprovalAttachment(o.TextOf("spaceId"), o.TextOf("fileId"), o.TextOf("fileName"), o.TextOf("fileSize"), o.TextOf("fileType"));
            if (file.SpaceId.Length == 0 || file.FileId.Length is 0 or > 256 || file.FileName.Length is 0 or > 256 || file.FileSize.Length == 0 || file.FileType.Length == 0) return null;
            read.Add(file);
        }

        return read.ToImmutable();
    }
}

/// <summary>What stands with a remark beside its words.</summary>
internal sealed record ApprovalEnclosure(ImmutableArray<ApprovalAttachment> Attachments, ImmutableArray<string> Photos)
{
    public static readonly ApprovalEnclosure None = new([], []);

    private const int MostAttachments = 20;
    private const int LongestAddress = 1024;

    public static ApprovalEnclosure Of(DingTalkCall call)
    {
        if (call.Object("file") is not { } file) return None;
        var attachments = (file["attachments"] as JsonArray ?? []) is { Count: <= MostAttachments } list && ApprovalAttachment.Read(list) is { } read ? read : throw DingTalkRefusal.Parameter("file.attachments", $"has {MostAttachments} complete entries at most");
        var photos = (file["photos"] as JsonArray ?? []).Select(p => p is JsonValue v && v.TryGetValue<string>(out var address) && address.Length is > 0 and <= LongestAddress ? address : throw DingTalkRefusal.Parameter("file.photos", "is no list of addresses")).ToImmutableArray();
        return new(attachments, photos);
    }
}
