using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.Robots;

namespace Larkspur.Emulator.DingTalk.WorkNotices;

/// <summary>Validates what a work notice says.</summary>
internal sealed class NoticeContent(EmulatorState state)
{
    /// <summary>UTF-8.</summary>
    public const int MostBytes = 2048;
    private const int MostFormRows = 6;
    private const int LongestSingleTitle = 20;

    /// <exception cref="DingTalkRefusal">It cannot be sent. (The number for one that is too long is UNVERIFIED.)</exception>
    public RobotContent Read(JsonObject? msg)
    {
        if (msg is null) throw Missing("msg");
        var json = CanonicalJson.Write(msg);
        if (Encoding.UTF8.GetByteCount(json) > MostBytes) throw DingTalkRefusal.Old(40035, $"msg is longer than {MostBytes} bytes");
        var type = msg.TextOf("msgtype");
        if (msg[type.Length == 0 ? "msgtype" : type] is not JsonObject part) throw Missing(type.Length == 0 ? "msg.msgtype" : "msg." + type);
        var content = new RobotContent(type, json);
        return type switch
        {
            "text" => content with { Text = Need(part, "content") },
            "markdown" => content with { Title = Need(part, "title"), Text = Need(part, "text"), IsMarkdown = true },
            "link" => content with { Title = Need(part, "title"), Text = Need(part, "text"), Links = [new DingTalkLink(part.TextOf("title"), Need(part, "messageUrl"))], Media = Need(part, "picUrl") },
            "image" or "file" => content with { Media = Uploaded(part) },
            "voice" => content with { Media = Uploaded(part), Title = Need(part, "duration") },
            "action_card" => content with { Title = Need(part, "title"), Text = Need(part, "markdown"), IsMarkdown = true, Links = Buttons(part) },
            "oa" => Form(content, part),
            _ => throw DingTalkRefusal.Old(40035, "不合法的参数: msg.msgtype " + type),
        };
    }

    private static RobotContent Form(RobotContent content, JsonObject part)
    {
        var body = part["body"] as JsonObject ?? throw Missing("msg.oa.body");
        var form = body["form"] as JsonArray ?? [];
        if (form.Count > MostFormRows) throw DingTalkRefusal.Old(40035, $"msg.oa.body.form has {MostFormRows} entries at most");
        var lines = form.OfType<JsonObject>().Select(row => $"{row.TextOf("key")} {row.TextOf("value")}").Append(body.TextOf("content")).Where(l => l.Trim().Length > 0);
        var status = part["status_bar"] is JsonObject bar && bar.TextOf("status_value") is { Length: > 0 } value ? new NoticeStatus(value, bar.TextOf("status_bg")) : null;
        return content with { Status = status, Title = body.TextOf("title"), Text = string.Join('\n', lines), Links = [new DingTalkLink(body.TextOf("title"), Need(part, "message_url"))] };
    }

    /// <summary>Links only: nobody is told of a click.</summary>
    private static ImmutableArray<DingTalkLink> Buttons(JsonObject part)
    {
        if (part["btn_json_list"] is JsonArray { Count: > 0 } list) return [.. list.Select(b => b is JsonObject o ? new DingTalkLink(Need(o, "title"), Need(o, "action_url")) : throw Missing("btn_json_list"))];
        var title = Need(part, "single_title");
        if (title.Length > LongestSingleTitle) throw DingTalkRefusal.Old(40035, $"single_title has {LongestSingleTitle} characters at most");
        return [new DingTalkLink(title, Need(part, "single_url"))];
    }

    private string Uploaded(JsonObject part) => Need(part, "media_id") is var id && state.File(id) is not null ? id : throw DingTalkRefusal.Old(40007, "不合法的媒体文件id");

    private static string Need(JsonObject part, string name) => part.TextOf(name) is { Length: > 0 } text ? text : throw Missing(name);

    private static DingTalkRefusal Missing(string what) => DingTalkRefusal.Old(40035, $"缺少参数 {what}");
}
