using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>Attachments of approvals: the space to upload to, and leave to look at them or fetch them.</summary>
internal sealed class ApprovalFilesApi(EmulatorState state, ApprovalEngine engine, ApprovalFiles files) : IDingTalkArea
{
    /// <summary>Where a fetched attachment lies. The platform's is on a host of its own.</summary>
    public const string Path = "/dingtalk/approval-files/{ticket}";

    private const string Root = "/v1.0/workflow/processInstances/spaces/";
    private const int MostFiles = 10;
    private const int MostPreviews = 20;

    public IEnumerable<DingTalkRoute> Routes =>
    [
        Of("infos/query", Space),
        Of("files/urls/download", Download),
        Of("authPreview", Preview),
        Of("files/authDownload", AllowDownload),
    ];

    public async Task SendAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (files.AtAddress((string?)http.Request.RouteValues["ticket"] ?? "") is not { } file)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.ContentDisposition = "attachment";
        http.Response.ContentLength = file.Bytes.Length;
        await http.Response.Body.WriteAsync(file.Bytes, http.RequestAborted);
    }

    private static DingTalkRoute Of(string path, Func<DingTalkCall, DingTalkAnswer> run) => DingTalkRoute.Post(Root + path, run) with { Scope = "Workflow.Instance.Write" };

    /// <summary>Also lets the person upload there.</summary>
    private DingTalkAnswer Space(DingTalkCall call)
    {
        files.AllowUpload(Person(call));
        return Done(new JsonObject { ["spaceId"] = ApprovalFiles.SpaceId });
    }

    private DingTalkAnswer Download(DingTalkCall call)
    {
        var file = Attached(call, call.Need("fileId", "invalidFileId"));
        if (file.Size == 0) throw DingTalkRefusal.New("hsfIntegrationErrorCspaceDentryServiceGenerateDownloadPresignedUrl", "产生文件下载的链接失败");
        var address = Path.Replace("{ticket}", files.NewAddress(file.Id), StringComparison.Ordinal);
        return Done(new JsonObject { ["spaceId"] = ApprovalFiles.SpaceId, ["fileId"] = file.Id, ["downloadUri"] = $"{call.Origin.Scheme}://{call.Origin.Host}{address}" });
    }

    private DingTalkAnswer Preview(DingTalkCall call)
    {
        var userId = Person(call);
        var ids = call.Texts("fileIdList");
        if (ids.Count > MostPreviews) throw DingTalkRefusal.New("invalidFileList", $"fileIdList has {MostPreviews} entries at most");
        var wanted = ids.Append(call.Need("fileId", "invalidFileId")).Distinct().Select(id => Attached(call, id)).ToArray();
        foreach (var file in wanted) files.Grant(file.Id, userId);
        return Done(new JsonObject { ["spaceId"] = ApprovalFiles.SpaceId });
    }

    private DingTalkAnswer AllowDownload(DingTalkCall call)
    {
        var userId = Person(call);
        if (call.Array("fileInfos") is not { Count: > 0 and <= MostFiles } infos) throw DingTalkRefusal.New("invalidFileInfos", $"fileInfos has 1 to {MostFiles} entries");
        var wanted = infos.Select(i => i is JsonObject o && o["spaceId"]?.ToString() == ApprovalFiles.SpaceId.ToString() && files.Find(o["fileId"]?.ToString() ?? "") is { } file
            ? file : throw DingTalkRefusal.New("hsfIntegrationErrorCspaceDentryServiceInfo", "查看具体文件信息失败")).ToArray();
        foreach (var file in wanted) files.Grant(file.Id, userId);
        return Done(true);
    }

    /// <summary>A file of the instance's form; of what was written with it only when the call says so.</summary>
    private ApprovalFile Attached(DingTalkCall call, string fileId)
    {
        var instance = engine.Find(call.Need("processInstanceId", "invalidProcessInstanceId")) ?? throw DingTalkRefusal.New("processInstNotExist", "审批实例不存在");
        var inForm = instance.Values.Where(v => v.Type == "DDAttachment").SelectMany(v => ApprovalAttachment.InForm(v.Value));
        var written = call.Flag("withCommentAttatchment") ? instance.Records.SelectMany(r => r.Attachments) : [];
        return inForm.Concat(written).Any(a => a.FileId == fileId) && files.Find(fileId) is { } file ? file : throw DingTalkRefusal.New("noPermission", "无访问权限");
    }

    private string Person(DingTalkCall call) => state.Person(call.Need("userId", "invalidUserId"))?.UserId ?? throw DingTalkRefusal.New("userNotExist", "用户不存在");

    private static DingTalkAnswer Done(JsonNode result) => new(new JsonObject { ["result"] = result, ["success"] = true });
}
