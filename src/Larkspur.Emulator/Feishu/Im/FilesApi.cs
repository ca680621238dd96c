using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Images and files: upload, download, resources of messages.</summary>
internal sealed class FilesApi(EmulatorState state) : IApiArea
{
    public const int MostFileBytes = 30 << 20;

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.image.create", UploadImage);
        on.Add("im.v1.image.get", r => Download(r, "image_key", isImage: true));
        on.Add("im.v1.file.create", UploadFile);
        on.Add("im.v1.file.get", r => Download(r, "file_key", isImage: false));
        on.Add("im.v1.message.resource.get", Resource);
    }

    private ApiAnswer UploadImage(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw request.Refuse(234007);
        var upload = request.Files["image"];
        if (upload.Bytes.Length == 0) throw request.Refuse(234010);
        if (upload.Bytes.Length > ImageLimits.MostBytes) throw request.Refuse(234006);
        var type = ImageFormat.Recognise(upload.Bytes) ?? throw request.Refuse(234011);
        var most = request.Text("image_type") == "avatar" ? ImageLimits.MostAvatarPixels : type == "image/gif" ? ImageLimits.MostGifPixels : ImageLimits.MostPixels;
        if (ImageFormat.Size(upload.Bytes, type) is var (width, height) && (width > most || height > most)) throw request.Refuse(234039);
        var key = "img_v3_" + state.Ids.Next("");
        state.Put(new StoredFile
        {
            Key = key, IsImage = true, Name = upload.FileName ?? key, Type = request.Text("image_type")!, ContentType = type, Bytes = upload.Bytes,
            OwnerId = request.App.AppId,
        });
        return FeishuAnswer.Data(new JsonObject { ["image_key"] = key });
    }

    private ApiAnswer UploadFile(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw request.Refuse(234007);
        var upload = request.Files["file"];
        if (upload.Bytes.Length == 0) throw request.Refuse(234010);
        if (upload.Bytes.Length > MostFileBytes) throw request.Refuse(234006);
        var key = "file_v3_" + state.Ids.Next("");
        state.Put(new StoredFile
        {
            Key = key, IsImage = false, Name = request.Text("file_name")!, Type = request.Text("file_type")!, ContentType = "application/octet-stream",
            Bytes = upload.Bytes, OwnerId = request.App.AppId, DurationMs = int.TryParse(request.Text("duration"), out var ms) ? ms : null,
        });
        return FeishuAnswer.Data(new JsonObject { ["file_key"] = key });
    }

    /// <summary>Only what the app itself uploaded.</summary>
    private ApiAnswer Download(ApiRequest request, string parameter, bool isImage)
    {
        if (state.File(request.Path[parameter]) is not { } file || file.IsImage != isImage) throw request.Refuse(234001);
        if (file.OwnerId != request.App.AppId) throw request.Refuse(request.Endpoint.Errors.ContainsKey(234008) ? 234008 : 234009);
        return FeishuAnswer.Download(file);
    }

    private ApiAnswer Resource(ApiRequest request)
    {
        var message = state.Message(request.Path["message_id"]) ?? throw request.Refuse(234001);
        if (state.Chat(message.ChatId) is not { } chat || !chat.Has(Receivers.Caller(request).Id)) throw request.Refuse(234004);
        if (message.Deleted) throw request.Refuse(230110);
        if (message.MsgType is "interactive" or "sticker" or "merge_forward") throw request.Refuse(234043);
        var key = request.Path["file_key"];
        if (!message.Content.Contains('"' + key + '"', StringComparison.Ordinal)) throw request.Refuse(234003);
        if (state.File(key) is not { } file || file.IsImage != (request.QueryText("type") == "image")) throw request.Refuse(234001);
        return chat.Restricted is { Status: true, Download: "not_anyone" } ? throw request.Refuse(234038) : FeishuAnswer.Download(file);
    }
}
