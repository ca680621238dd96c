using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>Validates <c>msgKey</c> and <c>msgParam</c>, JSON as text.</summary>
/// <remarks>Which code a wrong <c>msgKey</c> or member takes is UNVERIFIED: the reference names only the families <c>invalidParameter.msgKey.*</c>.</remarks>
internal sealed class MessageTemplates(EmulatorState state)
{
    /// <summary>UTF-8.</summary>
    public const int MostBytes = 15_000;

    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["sampleText"] = ["content"],
        ["sampleMarkdown"] = ["title", "text"],
        ["sampleImageMsg"] = ["photoURL"],
        ["sampleLink"] = ["text", "title", "picUrl", "messageUrl"],
        ["sampleActionCard"] = ["title", "text", "singleTitle", "singleURL"],
        ["sampleActionCard2"] = ["title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2"],
        ["sampleActionCard3"] = ["title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2", "actionTitle3", "actionURL3"],
        ["sampleActionCard4"] = ["title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2", "actionTitle3", "actionURL3", "actionTitle4", "actionURL4"],
        ["sampleActionCard5"] = ["title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2", "actionTitle3", "actionURL3", "actionTitle4", "actionURL4", "actionTitle5", "actionURL5"],
        ["sampleActionCard6"] = ["title", "text", "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"],
        ["sampleAudio"] = ["mediaId", "duration"],
        ["sampleFile"] = ["mediaId", "fileName", "fileType"],
        ["sampleVideo"] = ["duration", "videoMediaId", "videoType", "picMediaId"],
    };

    private static readonly string[] FileTypes = ["xlsx", "pdf", "zip", "rar", "doc", "docx"];

    /// <exception cref="DingTalkRefusal">It cannot be sent.</exception>
    public RobotContent Read(DingTalkCall call)
    {
        var key = call.Need("msgKey", "invalidParameter.msgKey.empty");
        if (!Members.TryGetValue(key, out var members)) throw DingTalkRefusal.New("invalidParameter.msgKey.invalid", $"msgKey {key} 不存在");
        if (call.Body["msgParam"] is not JsonValue v || !v.TryGetValue<string>(out var text) || text.Length == 0) throw DingTalkRefusal.New("invalidParameter.msgParam.empty", "msgParam must be a JSON text");
        if (Encoding.UTF8.GetByteCount(text) > MostBytes) throw DingTalkRefusal.New("msgParam.tooLong");
        if (DingTalkCall.Parsed(text) is not JsonObject param) throw Invalid("is no JSON object");
        // picUrl may be left empty: the link then has no picture.
        foreach (var member in members)
        {
            if (param.TextOf(member).Length == 0 && member is not "picUrl") throw Invalid($"{member} is missing or empty");
        }

        if (key == "sampleFile" && !FileTypes.Contains(param.TextOf("fileType"))) throw Invalid("fileType is not among " + string.Join(' ', FileTypes));
        if (key == "sampleVideo" && param.TextOf("videoType") != "mp4") throw Invalid("videoType must be mp4");
        return new RobotContent(key, text)
        {
            Title = param.TextOf("title") is { Length: > 0 } title ? title : param.TextOf("fileName"),
            Text = param.TextOf(key == "sampleText" ? "content" : "text"),
            IsMarkdown = key is "sampleMarkdown" || key.StartsWith("sampleActionCard", StringComparison.Ordinal),
            Links = [.. Links(param)],
            Media = Media(key, param),
        };
    }

    private string? Media(string key, JsonObject param)
    {
        var id = key switch
        {
            "sampleImageMsg" => param.TextOf("photoURL"),
            "sampleAudio" or "sampleFile" => param.TextOf("mediaId"),
            "sampleVideo" => param.TextOf("videoMediaId"),
            "sampleLink" => param.TextOf("picUrl"),
            _ => "",
        };
        // What begins with @ was uploaded here; pictures may also be addresses.
        if (id.StartsWith('@') && state.File(id) is null) throw DingTalkRefusal.New("resource.not.found", $"{id} was not uploaded");
        if (key is "sampleAudio" or "sampleFile" or "sampleVideo" && !id.StartsWith('@')) throw DingTalkRefusal.New("resource.not.found", "a media_id is wanted");
        return id.Length == 0 ? null : id;
    }

    private static IEnumerable<DingTalkLink> Links(JsonObject param)
    {
        if (param.TextOf("singleURL") is { Length: > 0 } single) yield return new DingTalkLink(param.TextOf("singleTitle"), single);
        if (param.TextOf("messageUrl") is { Length: > 0 } message) yield return new DingTalkLink(param.TextOf("title"), message);
        for (var i = 1; i <= 5; i++)
        {
            if (param.TextOf($"actionURL{i}") is { Length: > 0 } action) yield return new DingTalkLink(param.TextOf($"actionTitle{i}"), action);
            if (param.TextOf($"buttonUrl{i}") is { Length: > 0 } button) yield return new DingTalkLink(param.TextOf($"buttonTitle{i}"), button);
        }
    }

    private static DingTalkRefusal Invalid(string why) => DingTalkRefusal.New("invalidParameter.msgParam.invalid", "msgParam " + why);
}
