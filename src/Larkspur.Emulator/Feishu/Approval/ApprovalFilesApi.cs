using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Pictures and files for forms. On the platform this one lives on <c>www.feishu.cn</c>, not on the open host.</summary>
internal sealed class ApprovalFilesApi(EmulatorState state, ApprovalEngine engine) : IApiArea
{
    private const int MostImageBytes = 10 << 20;
    private const int MostFileBytes = 50 << 20;

    public void Register(ApiHandlers on) => on.AddApproval("approval_openapi.v2.file.upload.post", Upload);

    private ApiAnswer Upload(ApiRequest request)
    {
        var (name, type, upload) = (request.Text("name")!, request.Text("type"), request.Files["content"]);
        if (type is not ("image" or "attachment")) throw ApprovalRefusal.Bad("type must be image or attachment", "type 必须是 image 或 attachment");
        if (upload.Bytes.Length == 0) throw ApprovalRefusal.Bad("content is empty", "文件内容为空");
        var most = type == "image" ? MostImageBytes : MostFileBytes;
        if (upload.Bytes.Length > most) throw ApprovalRefusal.Bad($"content is larger than {most >> 20} MB", $"文件超过 {most >> 20} MB");
        var image = type == "image" ? ImageFormat.Recognise(upload.Bytes) ?? throw ApprovalRefusal.Bad("content is not an image", "文件不是图片") : null;
        var code = engine.NewCode();
        state.Put(new StoredFile
        {
            Key = code, IsImage = image is not null, Name = name, Type = type, ContentType = image ?? "application/octet-stream", Bytes = upload.Bytes, OwnerId = request.App.AppId,
        });
        return FeishuAnswer.Data(new JsonObject { ["code"] = code, ["url"] = $"{request.Origin.Scheme}://{request.Origin.Host}/ui/file/{code}" });
    }
}
