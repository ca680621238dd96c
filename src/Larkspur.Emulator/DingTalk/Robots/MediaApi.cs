using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>Uploads for messages, and downloads of what people sent to the robot.</summary>
internal sealed class MediaApi(EmulatorState state, DingTalkSettings settings) : IDingTalkArea
{
    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/media/upload", Upload) with { Upload = "media" },
        DingTalkRoute.Post("/v1.0/robot/messageFiles/download", Download) with { Scope = "qyapi_robot_sendmsg" },
    ];

    private DingTalkAnswer Upload(DingTalkCall call)
    {
        var type = call.Text("type");
        if (type is not ("image" or "voice" or "video" or "file")) throw DingTalkRefusal.Old(40004, "不合法的媒体文件类型");
        if (call.Upload is not { Bytes.Length: > 0 } file) throw DingTalkRefusal.Old(40035, "缺少参数 media");
        if (file.Bytes.Length > (type == "voice" ? 2 : 20) << 20) throw DingTalkRefusal.Old(40009, "不合法的文件大小");
        var picture = type == "image" ? ImageFormat.Recognise(file.Bytes) ?? throw DingTalkRefusal.Old(40005, "不合法的文件类型") : null;
        var id = "@l" + Convert.ToBase64String(Convert.FromHexString(state.Ids.Next(""))).Replace('+', 'A').Replace('/', 'P').TrimEnd('=');
        state.Put(new StoredFile
        {
            Key = id, IsImage = type == "image", Name = file.FileName ?? id, Type = type, ContentType = picture ?? "application/octet-stream", Bytes = file.Bytes, OwnerId = settings.ClientId,
        });
        return new(new JsonObject { ["type"] = type, ["media_id"] = id, ["created_at"] = state.Clock.GetUtcNow().ToUnixTimeMilliseconds() });
    }

    private DingTalkAnswer Download(DingTalkCall call)
    {
        if (call.Need("robotCode", "invalidParameter.robotCode.empty") != settings.RobotCode) throw DingTalkRefusal.New("invalidParameter.robotCode.notExsit");
        var file = state.File(call.Need("downloadCode", "invalidParameter.downloadCode.empty")) ?? throw DingTalkRefusal.New("resource.not.found", "downloadCode 不存在");
        return new(new JsonObject { ["downloadUrl"] = $"{call.Origin.Scheme}://{call.Origin.Host}/_emulator/files/{Uri.EscapeDataString(file.Key)}" });
    }
}
